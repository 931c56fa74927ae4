/** Words and numbers as they are shown. */

import { link } from "./address.js";
import { h } from "./dom.js";

const names = typeof Intl.DisplayNames === "function" ? new Intl.DisplayNames(["en"], { type: "language" }) : null;

/** "German" for "de"; a code without a name is shown as it is. */
export function languageName(code) {
  try {
    return names?.of(code) ?? code;
  } catch {
    return code;
  }
}

/** A word in its own script and direction. */
export function wordText(label, language) {
  return h("bdi", { class: "word", lang: language || null }, label);
}

/** A word that is a link to itself as the next question. */
export function wordLink({ word, label, language }) {
  return h("a", { class: "word-link", href: link({ q: word, row: "" }) }, wordText(label, language));
}

/** The short mark of a language, named in full for those who hover or listen. */
export function languageMark(language) {
  return language && h("abbr", { class: "language", title: languageName(language) }, language);
}

/** A cosine with three decimals and a true minus. */
export function figure(value, digits = 3) {
  return value.toFixed(digits).replace("-", "−");
}

/** 12,345 */
export function count(value) {
  return value.toLocaleString("en");
}

/** An expression with true minus signs, from its terms. */
export function expression(terms) {
  return terms.map((term, i) => {
    const sign = term.sign < 0 ? "−" : i > 0 ? "+" : "";
    return [sign && h("span", { class: "sign" }, i > 0 ? ` ${sign} ` : sign), wordText(term.label, term.language)];
  });
}
