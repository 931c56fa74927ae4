/** Pictures of a word, pictures nearest to any phrase, and one picture with all that is near it. */

import { chosen, go } from "./address.js";
import { ask } from "./api.js";
import { modelChoice } from "./controls.js";
import { h } from "./dom.js";
import { csvButton } from "./downloads.js";
import { announce, empty, settle, unknown } from "./messages.js";
import { pictureLink, thumbnail } from "./thumbnails.js";
import { count, expression, figure, languageName, wordLink } from "./words.js";

const AT_ONCE = 48;
const MOST = 200;
const WORDS = 12;

/** Shows the pictures of what is asked, or the picture of the address. */
export function showPictures(element, now, info) {
  const [model] = chosen(now, info.models);
  if (!info.pictures) {
    return element.replaceChildren(empty("No pictures here", "Start the explorer with --features DIR, and with --folder PHOTOS to see them."));
  }
  if (now.row) return settle(element, ask(`api/picture/${now.row}`, { model }), (found) => [bar(now, info, []), pictureDetails(found)]);
  if (!now.q) {
    return element.replaceChildren(empty("Find pictures by words", `Type a word or a phrase to search ${count(info.pictures.n)} pictures. Or drop a picture of your own on this page.`, info.examples ?? []));
  }
  const n = Math.min(MOST, Math.max(AT_ONCE, Number(now.n)));
  return settle(element, ask("api/pictures", { q: now.q, model, n }), (found) => ofWords(found, now, info, n));
}

function ofWords({ terms, own, nearest: near, missing }, now, info, n) {
  if (!terms.length) return [bar(now, info, []), unknown(missing)];
  announce(`${own.length} pictures of ${now.q}, ${near.length} nearest`);
  const theirs = own.length > 0 && gallery(["Pictures of ", expression(terms)], own);
  const nearest = near.length > 0 && gallery(["Pictures nearest to ", expression(terms)], near);
  return [
    unknown(missing),
    bar(now, info, [...own.map((picture) => ({ ...picture, kind: "own" })), ...near.map((picture) => ({ ...picture, kind: "nearest" }))]),
    terms.length > 1 ? [nearest, theirs] : [theirs, nearest],
    near.length >= n && n < MOST && h("button", { type: "button", class: "more", on: { click: () => go({ n: String(MOST) }, { quietly: true }) } }, "Show more"),
    own.length + near.length === 0 && empty("No picture found", "No picture goes with these words, and this model has no pictures in its space. Try a model that sees pictures, such as imagevec or iesg."),
  ];
}

function bar(now, info, rows) {
  return h("div", { class: "bar" }, modelChoice(now, info.models), rows.length > 0 && csvButton(`pictures ${now.q}`, ["kind", "row", "id", "cosine"], () => rows));
}

function gallery(title, pictures) {
  return h("section", { class: "gallery" }, h("h2", {}, title, h("small", {}, count(pictures.length))), h("ul", {}, pictures.map((picture) => h("li", {}, pictureLink(picture)))));
}

/** One picture: itself, its nearest words in each language, its nearest pictures. */
export function pictureDetails({ picture, words, own_words: own = [], pictures }, preview = thumbnail(picture, { size: 384 })) {
  const languages = Object.entries(words).filter(([, near]) => near.length);
  return [
    h(
      "section",
      { class: "details" },
      h("figure", {}, preview, h("figcaption", {}, picture.label, called(own))),
      languages.length
        ? h("div", { class: "columns narrow" }, languages.map(([language, near]) => nearWords(language, near)))
        : h("p", { class: "nothing" }, "No words are near: this model has no pictures in its space. Choose one that sees pictures."),
    ),
    pictures.length > 0 && gallery("Nearest pictures", pictures),
  ];
}

/** The words that a picture was given, the first dozen of them. */
function called(own) {
  if (!own.length) return null;
  const links = own.slice(0, WORDS).map((word, i) => [i > 0 && ", ", wordLink(word)]);
  return h("p", { class: "called" }, "Given as: ", links, own.length > WORDS && ` and ${own.length - WORDS} more`);
}

function nearWords(language, near) {
  return h(
    "section",
    { class: "column" },
    h("h3", {}, language ? languageName(language) : "Nearest words"),
    h("ol", { class: "neighbours" }, near.map((found) => wordRow(found))),
  );
}

/** A word with its cosine as a bar. */
export function wordRow(found, ...more) {
  return h(
    "li",
    { style: { "--share": Math.max(0, Math.min(1, found.cosine)).toFixed(4) } },
    h("span", { class: "name" }, wordLink(found)),
    h("span", { class: "thumbs" }, ...more),
    h("span", { class: "cosine" }, figure(found.cosine)),
    h("span", { class: "share", "aria-hidden": "true" }),
  );
}
