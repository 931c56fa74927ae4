/** Beside the map: the words of a lasso, or the word that is asked and its neighbours. */

import { h, replace } from "./dom.js";
import { csvButton } from "./downloads.js";
import { announce, unknown } from "./messages.js";
import { wordRow } from "./pictures.js";
import { count, expression, languageMark, wordLink } from "./words.js";

const LISTED = 300;

/** Lists the words of a lasso, each as {word, label, language, count}, the most frequent first. */
export function listSelection(panel, words, { name, clear, show }) {
  const sorted = [...words].sort((a, b) => (b.count ?? 0) - (a.count ?? 0));
  announce(`${count(words.length)} words selected`);
  replace(
    panel,
    h("h2", {}, `${count(words.length)} words`, h("small", {}, "in your selection")),
    h("div", { class: "actions" },
      h("button", { type: "button", class: "quiet", on: { click: show } }, "Zoom to them"),
      csvButton(`selection ${name}`, ["word", "language", "count"], () => sorted),
      h("button", { type: "button", class: "quiet", on: { click: clear } }, "Clear")),
    h("ol", { class: "neighbours" }, sorted.slice(0, LISTED).map((word) => h("li", { class: "plain" }, h("span", { class: "name" }, wordLink(word), languageMark(word.language))))),
    sorted.length > LISTED && h("p", { class: "nothing" }, `and ${count(sorted.length - LISTED)} more; all are in the CSV`),
  );
}

/** Lists the neighbours of the word that is asked. */
export function listNeighbours(panel, { terms, missing, neighbours }, show) {
  if (!terms.length) return replace(panel, unknown(missing));
  replace(
    panel,
    unknown(missing),
    h("h2", {}, expression(terms), h("small", {}, "and its neighbours")),
    h("div", { class: "actions" }, h("button", { type: "button", class: "quiet", on: { click: show } }, "Zoom to them")),
    h("ol", { class: "neighbours" }, neighbours.map((near) => wordRow(near, languageMark(near.language)))),
  );
}

/** Says what can be done when nothing is selected. */
export function listNothing(panel, n) {
  replace(
    panel,
    h("h2", {}, "All words", h("small", {}, count(n))),
    h("ul", { class: "hints" },
      ["Drag to move, scroll to zoom.", "Click a word to see its neighbours.", "Hold Shift and draw round words to list them.", "With the keyboard: arrow keys, + and −, 0 for all."].map((text) => h("li", {}, text))),
  );
}
