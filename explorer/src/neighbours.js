/** Neighbours side by side: one column a model, and what stands in one list alone is marked. */

import { chosen, go } from "./address.js";
import { ask } from "./api.js";
import { languageChoice, modelToggles, numberChoice, tick } from "./controls.js";
import { h } from "./dom.js";
import { csvButton } from "./downloads.js";
import { announce, empty, settle } from "./messages.js";
import { neighbourColumn } from "./neighbour_column.js";

/** Shows the neighbours of what is asked. */
export function showNeighbours(element, now, info) {
  if (!now.q) return element.replaceChildren(welcome(info));
  const shown = chosen(now, info.models);
  const question = { q: now.q, language: now.language, with_pictures: now.pictured, n: now.n };
  const answers = shown.map((model) =>
    ask("api/neighbours", { ...question, model }).then(
      (answer) => ({ model, ...answer }),
      (error) => ({ model, error }),
    ),
  );
  return settle(element, Promise.all(answers), (columns) => {
    announce(`Neighbours of ${now.q} in ${columns.length === 1 ? "one model" : `${columns.length} models`}`);
    return [bar(now, info, columns), linked(h("div", { class: "columns" }, sideBySide(columns, info, now)))];
  });
}

function welcome(info) {
  return empty(
    "Which word would you like to look at?",
    "Type a word, or several such as king − man + woman. Or drop a picture anywhere on this page.",
    info.examples ?? [],
  );
}

function bar(now, info, columns) {
  const languages = [...new Set(info.models.flatMap((model) => model.languages))].filter(Boolean);
  const rows = () => columns.flatMap(({ model, neighbours = [] }) => neighbours.map((near, i) => ({ query: now.q, model: info.models[model].name, position: i + 1, ...near })));
  return h(
    "div",
    { class: "bar" },
    modelToggles(now, info.models),
    languageChoice(now, languages),
    info.pictures && tick("With pictures only", now.pictured === "1", (on) => go({ pictured: on ? "1" : "" })),
    numberChoice(now),
    columns.length > 1 && h("span", { class: "key" }, "in this list only"),
    csvButton(`neighbours ${now.q}`, ["query", "model", "position", "word", "language", "cosine"], rows),
  );
}

function sideBySide(columns, info, now) {
  const lists = columns.map(({ neighbours = [] }) => new Set(neighbours.map(({ word }) => word)));
  const full = lists.filter((list) => list.size);
  const alone = (word) => full.length > 1 && full.filter((list) => list.has(word)).length === 1;
  return columns.map((column) => neighbourColumn(column, info.models[column.model], alone, now));
}

/** Lights a word up in every list while the pointer or the focus is on it in one. */
function linked(columns) {
  const light = (event) => {
    const word = event.target.closest("[data-word]")?.dataset.word;
    for (const row of columns.querySelectorAll("[data-word]")) row.classList.toggle("linked", row.dataset.word === word);
  };
  for (const event of ["pointerover", "pointerleave", "focusin"]) columns.addEventListener(event, light);
  return columns;
}
