/** One model's column: what is asked, what is known of it, and its nearest words with their cosines as bars. */

import { link } from "./address.js";
import { h, spoken } from "./dom.js";
import { failure, unknown } from "./messages.js";
import { different, thumbnail } from "./thumbnails.js";
import { count, expression, figure, languageMark, languageName, wordLink } from "./words.js";

/** The column of a model; `alone` says whether a word stands in this list only. */
export function neighbourColumn({ model: index, terms = [], missing = [], facts, neighbours = [], error }, model, alone, now) {
  const title = h("h3", { class: "model" }, model.name, h("small", {}, `${count(model.n_words)} words × ${model.dim}`));
  const column = (...parts) => h("section", { class: "column", "aria-label": model.name, style: { "--model": `var(--series-${index + 1})` } }, title, ...parts);
  if (error) return column(failure(error));
  if (!terms.length) return column(unknown(missing));
  return column(
    unknown(missing),
    h("p", { class: "question" }, expression(terms)),
    known(facts ?? {}, terms, now),
    terms.some(({ also }) => also.length) && others(terms.flatMap(({ also }) => also)),
    neighbours.length ? h("ol", { class: "neighbours" }, neighbours.map((near) => row(near, alone(near.word)))) : nothing(now),
  );
}

function known({ count: frequency, rank, has_pictures: pictured, concreteness }, terms, now) {
  if (terms.length !== 1) return null;
  const facts = [
    frequency != null ? ["Frequency", `${count(frequency)}×`] : rank != null && ["Rank", count(rank)],
    pictured != null && ["Pictures", pictured ? h("a", { href: link({ view: "pictures", q: now.q }) }, "yes") : "none"],
    concreteness != null && ["Concreteness", figure(concreteness, 2)],
  ].filter(Boolean);
  return facts.length ? h("dl", { class: "facts" }, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))) : null;
}

/** The words of other languages that are spelt the same. */
function others(words) {
  const linkTo = (word, i) => [i > 0 && ", ", h("a", { href: link({ q: word }) }, languageName(word.split(":")[0]))];
  return h("p", { class: "also" }, "Also a word of ", words.map(linkTo));
}

function row(near, alone) {
  const { cosine, has_pictures: pictured, pictures = [], language } = near;
  return h(
    "li",
    { class: alone ? "alone" : null, "data-word": near.word, style: { "--share": Math.max(0, Math.min(1, cosine)).toFixed(4) } },
    h("span", { class: "name" }, wordLink(near), languageMark(language), alone && spoken("only in this list")),
    h("span", { class: "thumbs" }, different(pictures).slice(0, 2).map((picture) => thumbnail(picture, { size: 96, alt: "" })), pictured && [!pictures.length && h("span", { class: "pictured", title: "has pictures" }), spoken("has pictures")]),
    h("span", { class: "cosine" }, figure(cosine)),
    h("span", { class: "share", "aria-hidden": "true" }),
  );
}

function nothing(now) {
  const filters = [now.language && "the language", now.pictured && "“with pictures only”"].filter(Boolean).join(" and ");
  return h("p", { class: "nothing" }, filters ? `No word fits ${filters}. Take the filter away.` : "No neighbours.");
}
