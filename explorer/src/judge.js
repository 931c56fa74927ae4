/** Judges the models by a file of rated pairs: their ratings against each model's cosines. */

import { post } from "./api.js";
import { languageChoice } from "./controls.js";
import { h } from "./dom.js";
import { csvButton, download } from "./downloads.js";
import { announce, empty, failure, settle } from "./messages.js";
import { ratingScatter } from "./rating_scatter.js";
import { count, figure, wordText } from "./words.js";

let file = null;
let verdict = null;

/** Shows what the models make of the last file, or asks for one. */
export function showJudge(element, now, info) {
  if (info.static) return element.replaceChildren(empty("Judging needs the explorer itself", "These are saved pages. Start wordsight explore on your own machine to judge models by a file."));
  if (file) {
    const answer = judged(now.language).catch((error) => ({ error }));
    return settle(element, answer, (found) => [bar(found, now, info), found.error ? failure(found.error) : results(found, info)]);
  }
  element.replaceChildren(
    empty("How well do the models agree with people?", "Drop a file of rated word pairs on this page, such as MEN or SimLex-999: two words and a rating a line."),
    h("div", { class: "empty-action" }, chooser("Choose a file")),
  );
}

/** Takes a file to judge by. */
export function judgeBy(taken) {
  [file, verdict] = [taken, null];
}

/** The answer for the file, in a language; asked once. */
function judged(language) {
  if (verdict?.language !== language) {
    verdict = { language, answer: file.text().then((text) => post("api/judge", { language }, text)) };
    verdict.answer.catch(() => (verdict = null));
  }
  return verdict.answer;
}

/** A button that takes another file. */
function chooser(title) {
  const input = h("input", { type: "file", accept: ".txt,.csv,.tsv,text/*", "aria-label": "A file of rated pairs", hidden: true });
  input.addEventListener("change", () => input.files.length && input.dispatchEvent(new CustomEvent("judge", { bubbles: true, detail: input.files[0] })));
  return [h("button", { type: "button", class: "primary", on: { click: () => input.click() } }, title), input];
}

function bar({ n_pairs: asked, models = [] }, now, info) {
  const rows = () => models.flatMap(({ id, points }) => points.map((point) => ({ model: info.models[id].name, ...point })));
  return h(
    "div",
    { class: "bar" },
    h("h2", {}, file.name, asked && h("small", {}, `${count(asked)} pairs`)),
    languageChoice(now, info.languages.filter(Boolean), "Language of the file", "as it says"),
    chooser("Another file"),
    models.length > 0 && csvButton(`ratings ${file.name}`, ["model", "a", "b", "rating", "cosine"], rows),
  );
}

function results({ models, disagreements, n_pairs: asked }, info) {
  const shown = models.map((result) => ({ model: info.models[result.id], ...result }));
  const best = shown.reduce((a, b) => ((b.rho ?? -2) > (a.rho ?? -2) ? b : a));
  announce(`${file.name}, ${count(asked)} pairs: ${best.model.name} has the highest rho`);
  return [
    h("div", { class: "columns" }, shown.map((result) => panel(result, shown.length > 1 && result === best))),
    disagreements.length > 0 && disagreement(disagreements, shown),
  ];
}

function panel({ model, id, rho, low, high, n, coverage, points }, best) {
  const column = (...parts) => h("section", { class: "column", "aria-label": model.name, style: { "--model": `var(--series-${id + 1})` } }, h("h3", { class: "model" }, model.name), ...parts);
  if (rho === null) return column(h("p", { class: "nothing" }, "This model knows too few of the pairs to be judged. If its words have languages, choose that of the file above."));
  const plot = ratingScatter(points);
  const save = () => download(`ratings-${model.name}.svg`, plot.outerHTML, "image/svg+xml");
  return column(
    h("p", { class: "rho" }, h("strong", {}, figure(rho)), h("span", {}, `rho, 95 % interval ${figure(low)} to ${figure(high)}`), best && h("span", { class: "only" }, "highest")),
    h("p", { class: "covers" }, `${count(n)} pairs, ${(100 * coverage).toFixed(0)} % of the file`),
    plot,
    h("button", { type: "button", class: "quiet", on: { click: save } }, "Save as SVG"),
  );
}

/** The pairs that one model ranks as people do, and another does not. */
function disagreement(pairs, shown) {
  const titles = ["Pair", "Rating", ...shown.map(({ model }) => model.name)];
  return h(
    "section",
    { class: "disagreement" },
    h("h2", {}, shown.length > 1 ? "Pairs that one model gets right and another wrong" : "Pairs furthest from the ratings"),
    h("p", { class: "covers" }, "Cosines, and in brackets where the pair stands among all pairs: 0 is the least similar, 1 the most."),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Pairs and what each model says" },
      h("table", {}, h("thead", {}, h("tr", {}, titles.map((title) => h("th", { scope: "col" }, title)))), h("tbody", {}, pairs.map(pairRow)))),
  );
}

function pairRow({ a, b, rating, rating_rank: rated, cosines, ranks }) {
  const errors = ranks.map((rank) => (rank === null ? null : Math.abs(rank - rated)));
  const known = errors.filter((error) => error !== null);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const cell = (value, rank, kind) => h("td", { class: `number ${kind ?? ""}` }, value === null ? "–" : `${figure(value, 2)} `, value !== null && h("small", {}, `(${figure(rank, 2)})`), kind && h("span", { class: "mark" }, kind === "right" ? " ✓" : " ✗"));
  const kind = (error) => (known.length > 1 && error === least ? "right" : error === most ? "wrong" : null);
  return h("tr", {}, h("th", { scope: "row" }, wordText(a), " – ", wordText(b)), cell(rating, rated), cosines.map((value, i) => cell(value, ranks[i], kind(errors[i]))));
}
