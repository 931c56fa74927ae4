/** A word and its nearest words in each language, with the pictures that join them. */

import { chosen } from "./address.js";
import { ask } from "./api.js";
import { modelChoice, numberChoice } from "./controls.js";
import { h } from "./dom.js";
import { csvButton } from "./downloads.js";
import { announce, empty, settle, unknown } from "./messages.js";
import { wordRow } from "./pictures.js";
import { different, pictureLink } from "./thumbnails.js";
import { expression, languageName } from "./words.js";

const MOST = 50;

/** Shows the nearest words of every language. */
export function showLanguages(element, now, info) {
  const [model] = chosen(now, info.models);
  const known = info.models[model].languages.filter(Boolean);
  const bar = (rows) => h("div", { class: "bar" }, modelChoice(now, info.models), numberChoice(now, [5, 10, 20, 50]), rows.length > 0 && csvButton(`languages ${now.q}`, ["query", "language", "word", "cosine"], () => rows));
  if (known.length < 2) {
    return element.replaceChildren(bar([]), empty("One language only", "This model has words of one language. Choose a multilingual model, or train one: wordsight demo."));
  }
  if (!now.q) {
    return element.replaceChildren(bar([]), empty("One word in every language", `Type a word to see its nearest words in ${known.map(languageName).join(", ")}.`, info.examples ?? []));
  }
  return settle(element, ask("api/crosslingual", { q: now.q, model, n: Math.min(Number(now.n), MOST) }), ({ terms, languages, missing }) => {
    const rows = Object.entries(languages).flatMap(([language, near]) => near.map((found) => ({ query: now.q, ...found, language })));
    if (!terms.length) return [bar([]), unknown(missing)];
    announce(`Nearest words of ${now.q} in ${Object.keys(languages).length} languages`);
    return [bar(rows), unknown(missing), h("h2", { class: "question" }, expression(terms)), h("div", { class: "columns narrow" }, Object.entries(languages).map(([language, near]) => column(language, near)))];
  });
}

function column(language, near) {
  const row = ({ pictures = [], ...found }) =>
    wordRow(found, different(pictures).slice(0, 2).map(pictureLink));
  return h("section", { class: "column" }, h("h3", {}, languageName(language)), h("ol", { class: "neighbours" }, near.map(row)));
}
