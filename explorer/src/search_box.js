/** The search box: a combobox with suggestions, as the ARIA practices describe it. */

import { go, state } from "./address.js";
import { ask } from "./api.js";
import { h, replace } from "./dom.js";
import { announce } from "./messages.js";
import { languageMark, languageName, wordText } from "./words.js";

const input = document.getElementById("query");
const list = document.getElementById("suggestions");
const language = document.getElementById("query-language");

let active = -1;
let asked = 0;

/** Readies the box for the languages that the models know. */
export function prepareSearch(languages) {
  const known = languages.filter(Boolean);
  language.hidden = known.length < 2;
  replace(language, h("option", { value: "" }, "Any language"), known.map((code) => h("option", { value: code }, languageName(code))));
  input.addEventListener("input", suggest);
  input.addEventListener("keydown", steer);
  input.addEventListener("blur", () => setTimeout(close, 150));
  language.addEventListener("change", () => input.focus());
  document.getElementById("search").addEventListener("submit", (event) => {
    event.preventDefault();
    search(active >= 0 ? completed(list.children[active].dataset.word) : input.value);
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}

/** Shows the question that the address holds. */
export function showQuery(now) {
  if (document.activeElement !== input || input.value.trim() !== now.q) input.value = now.q;
  close();
}

function search(text) {
  close();
  input.blur();
  const { view } = state();
  const word = text.trim();
  const tagged = language.value && word && !/[\s:]/.test(word) ? `${language.value}:${word}` : word;
  go({ q: tagged, row: "", view: view === "judge" ? "neighbours" : view });
}

/** The word that is being typed: what stands after the last sign or space. */
function lastWord() {
  return /[^\s+−-]*$/u.exec(input.value.slice(0, input.selectionStart))[0];
}

/** The whole expression, with the word that is being typed replaced. */
function completed(word) {
  const end = input.selectionStart;
  return input.value.slice(0, end - lastWord().length) + word + input.value.slice(end);
}

async function suggest() {
  const typed = lastWord();
  const ticket = ++asked;
  if (!typed) return close();
  try {
    const found = await ask("api/suggest", { q: typed, language: language.value, n: 8 });
    if (ticket === asked && document.activeElement === input) open(found, typed);
  } catch {
    close(); // the search itself says what is wrong
  }
}

function open({ suggestions, did_you_mean: alike }, typed) {
  const offered = suggestions.length ? suggestions : alike;
  active = -1;
  list.hidden = offered.length === 0;
  input.setAttribute("aria-expanded", String(offered.length > 0));
  input.removeAttribute("aria-activedescendant");
  list.dataset.title = suggestions.length ? "" : "Did you mean";
  replace(list, offered.map(option));
  const said = offered.length ? `${offered.length} ${suggestions.length ? "suggestions" : "words that are spelt alike"}` : `Nothing begins with ${typed}`;
  announce(said);
}

function option({ word, label, language: code, has_pictures: pictured }, i) {
  return h(
    "li",
    { role: "option", id: `suggestion-${i}`, "aria-selected": "false", "data-word": word, on: { mousedown: () => search(completed(word)) } },
    wordText(label, code),
    h("span", { class: "marks" }, pictured && h("span", { class: "pictured", title: "has pictures" }), languageMark(code)),
  );
}

function close() {
  asked++;
  active = -1;
  list.hidden = true;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function steer(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") return list.hidden ? input.blur() : close();
  if (!step || list.hidden) return;
  event.preventDefault();
  const options = [...list.children];
  active = (active + step + options.length + (active < 0 && step < 0 ? 1 : 0)) % options.length;
  options.forEach((each, i) => each.setAttribute("aria-selected", String(i === active)));
  options[active].scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", options[active].id);
}
