/** Small pictures, loaded when they come into view; an emoji or a name where there is no file. */

import { link } from "./address.js";
import { addressOf } from "./api.js";
import { h } from "./dom.js";
import { figure } from "./words.js";

let drawn = { has_files: false };

/** Says what is known of the pictures: whether there are files to draw. */
export function preparePictures(pictures) {
  drawn = pictures ?? drawn;
}

/** Whether the pictures can be drawn from their files. */
export function haveFiles() {
  return drawn.has_files;
}

/** The address of a picture's thumbnail of 96, 192 or 384 pixels. */
export function thumbnailAddress(row, size) {
  return addressOf(`thumbnail/${row}`, { size, v: drawn.key });
}

/** A picture by its row. */
export function thumbnail({ row, emoji, label }, { size = 192, alt = label } = {}) {
  if (!drawn.has_files) return standIn(emoji, alt, label);
  const image = h("img", { class: "thumb", src: thumbnailAddress(row, size), alt, loading: "lazy", decoding: "async", draggable: "false" });
  image.addEventListener("error", () => image.replaceWith(standIn(emoji, alt, "cannot be drawn")), { once: true });
  return image;
}

/** Pictures that look different: where emoji stand for them, each once. */
export function different(pictures) {
  return drawn.has_files ? pictures : [...new Map(pictures.map((picture) => [picture.emoji ?? picture.row, picture])).values()];
}

/** A picture that is a link to what is near it, with its cosine. */
export function pictureLink(picture) {
  return h(
    "a",
    { class: "picture", href: link({ view: "pictures", row: String(picture.row), q: "" }), title: picture.label },
    thumbnail(picture),
    picture.cosine !== undefined && h("span", { class: "cosine" }, figure(picture.cosine, 2)),
  );
}

function standIn(emoji, alt, text) {
  const named = alt ? { role: "img", "aria-label": alt } : { "aria-hidden": "true" };
  return emoji ? h("span", { class: "thumb emoji", ...named }, emoji) : h("span", { class: "thumb missing", ...named }, String(text));
}
