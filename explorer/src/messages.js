/** What the page says when there is nothing to show: what to type, what went wrong, what to do. */

import { link } from "./address.js";
import { ApiError } from "./http.js";
import { h, replace } from "./dom.js";
import { wordText } from "./words.js";

const region = document.getElementById("announcement");

/** Says something to those who listen to the page. */
export function announce(text) {
  region.textContent = text;
}

/** An empty state: a heading, a sentence, and things to try. */
export function empty(title, text, examples = []) {
  return h(
    "div",
    { class: "empty" },
    h("h2", {}, title),
    h("p", {}, text),
    examples.length > 0 && h("ul", { class: "chips" }, examples.map((q) => h("li", {}, h("a", { class: "chip", href: link({ q, row: "" }) }, wordText(q.replaceAll(" - ", " − ")))))),
  );
}

/** An error, in the words of whoever noticed it. */
export function failure(error) {
  announce(error.message);
  return h("p", { class: "failure", role: "alert" }, error.message);
}

/** What a model does not know, with words that are spelt alike. */
export function unknown(missing) {
  return missing.map(({ text, did_you_mean: alike }) =>
    h(
      "div",
      { class: "unknown" },
      h("p", {}, "This model does not know ", h("strong", {}, wordText(text)), alike.length ? ". Did you mean:" : ". Try another spelling or another word."),
      alike.length > 0 &&
        h("ul", { class: "chips" }, alike.map(({ word, label, language }) => h("li", {}, h("a", { class: "chip", href: link({ q: word }) }, wordText(label, language))))),
    ),
  );
}

/** Fills an element with what a promise brings, with a sign of waiting if it takes long, and with the error if it fails. */
export async function settle(element, promise, show) {
  const ticket = Symbol("ticket");
  element.ticket = ticket;
  const waiting = setTimeout(() => element.ticket === ticket && element.setAttribute("aria-busy", "true"), 150);
  try {
    const shown = show(await promise);
    if (element.ticket === ticket) replace(element, shown);
  } catch (error) {
    if (element.ticket === ticket) replace(element, failure(error));
    if (!(error instanceof ApiError)) console.error(error);
  } finally {
    clearTimeout(waiting);
    if (element.ticket === ticket) element.removeAttribute("aria-busy");
  }
}
