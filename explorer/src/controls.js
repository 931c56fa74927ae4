/** Controls that several views have: which models, which language, how many. */

import { chosen, go } from "./address.js";
import { h } from "./dom.js";
import { languageName } from "./words.js";

/** Toggles, one a model; the last one cannot be switched off. */
export function modelToggles(now, models) {
  if (models.length < 2) return null;
  const shown = chosen(now, models);
  const toggle = (index) => {
    const next = shown.includes(index) ? shown.filter((other) => other !== index) : [...shown, index].sort();
    go({ models: next.join(",") });
  };
  return h(
    "fieldset",
    { class: "toggles" },
    h("legend", {}, "Models"),
    models.map((model, index) =>
      h(
        "button",
        {
          type: "button",
          class: "toggle",
          "aria-pressed": String(shown.includes(index)),
          disabled: shown.length === 1 && shown[0] === index,
          style: { "--model": `var(--series-${index + 1})` },
          on: { click: () => toggle(index) },
        },
        model.name,
      ),
    ),
  );
}

/** A choice of one model, for views that show one. */
export function modelChoice(now, models) {
  if (models.length < 2) return null;
  const [first] = chosen(now, models);
  return choice("Model", String(first), models.map((model, index) => [String(index), model.name]), (value) => go({ models: value }));
}

/** A choice of language; an empty one is all. */
export function languageChoice(now, languages, title = "Language", all = "All") {
  if (languages.length < 2) return null;
  return choice(title, now.language, [["", all], ...languages.map((code) => [code, languageName(code)])], (value) => go({ language: value }));
}

/** How many are shown. */
export function numberChoice(now, numbers = [10, 20, 50, 100]) {
  return choice("Show", now.n, numbers.map((n) => [String(n), String(n)]), (value) => go({ n: value }));
}

/** A labelled choice among [value, title] pairs. */
export function choice(title, value, options, change) {
  const select = h("select", { on: { change: () => change(select.value) } }, options.map(([key, text]) => h("option", { value: key, selected: key === value }, text)));
  return h("label", { class: "choice" }, h("span", {}, title), select);
}

/** A labelled box to tick. */
export function tick(title, checked, change) {
  const box = h("input", { type: "checkbox", checked, on: { change: () => change(box.checked) } });
  return h("label", { class: "tick" }, box, h("span", {}, title));
}
