/** The bar above a map: colours, layout, lasso, pictures, zoom, and what saves the map. */

import { go } from "./address.js";
import { choice, modelChoice, tick } from "./controls.js";
import { h } from "./dom.js";
import { colourings } from "./map_colours.js";

const LAYOUTS = { pca: "PCA", tsne: "t-SNE" };

/** The tools; `actions` has lasso(on), pictures(on), zoom(factor), reset(), png() and svg(). */
export function mapTools(now, info, words, showsPictures, actions) {
  const ways = colourings(words);
  const layouts = info.maps.length > 1 ? info.maps.map((name) => [name, LAYOUTS[name]]) : [];
  const lasso = h("button", { type: "button", class: "toggle", "aria-pressed": "false", title: "Draw round words to list them (or hold Shift)" }, "Lasso");
  lasso.addEventListener("click", () => {
    const on = lasso.getAttribute("aria-pressed") === "false";
    lasso.setAttribute("aria-pressed", String(on));
    actions.lasso(on);
  });
  const button = (title, name, act) => h("button", { type: "button", class: "quiet", "aria-label": name, title: name, on: { click: act } }, title);
  return h(
    "div",
    { class: "bar" },
    modelChoice(now, info.models),
    ways.length > 1 && choice("Colour", colouring(now, words), ways, (value) => go({ colour: value }, { quietly: true })),
    layouts.length > 0 && choice("Layout", layout(now, info), layouts, (value) => go({ layout: value }, { quietly: true })),
    words.pictures && tick("Pictures", showsPictures, actions.pictures),
    lasso,
    h("span", { class: "zoom" }, button("+", "Zoom in", () => actions.zoom(1.6)), button("−", "Zoom out", () => actions.zoom(1 / 1.6)), button("⤢", "Show all", actions.reset)),
    h("span", { class: "save" }, button("PNG", "Save the map as PNG", actions.png), button("SVG", "Save the map as SVG", actions.svg)),
  );
}

/** The layout that is asked, or the best one that there is. */
export function layout(now, info) {
  return info.maps.includes(now.layout) ? now.layout : info.maps.at(-1);
}

/** The way of colouring that is asked, or the first that this model's words allow. */
export function colouring(now, words) {
  const ways = colourings(words).map(([name]) => name);
  return ways.includes(now.colour) ? now.colour : ways[0];
}
