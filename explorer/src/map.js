/** The map of all words of a model. */

import { chosen, go, link } from "./address.js";
import { ask } from "./api.js";
import { colour, h, replace } from "./dom.js";
import { mapPlaces, mapReady, mapWords } from "./map_data.js";
import { coloured } from "./map_colours.js";
import { savePng, saveSvg } from "./map_export.js";
import { measure, paintScene } from "./map_overlay.js";
import { listNeighbours, listNothing, listSelection } from "./map_panel.js";
import { scene } from "./map_scene.js";
import { colouring, layout, mapTools } from "./map_tools.js";
import { announce, failure } from "./messages.js";
import { plainPlot } from "./plain_plot.js";
import { canDrawWebgl, webglPlot } from "./webgl_plot.js";
import { count, languageName, wordText } from "./words.js";

let shown = null;

/** Shows the map of the first chosen model; one that is there already stays, with its selection and its view. */
export async function showMap(element, now, info) {
  const [model] = chosen(now, info.models);
  if (shown?.model !== model) {
    leaveMap();
    const map = (shown = new WordMap(model, info));
    replace(element, map.element);
    try {
      await map.load(now);
    } catch (error) {
      if (shown === map) replace(element, failure(error));
      leaveMap();
      return;
    }
    if (shown !== map) return;
  }
  await shown.update(now);
}

/** Takes the map down. */
export function leaveMap() {
  shown?.destroy();
  shown = null;
}

/** Draws the map again, for its colours have changed. */
export function redrawMap() {
  shown?.recolour();
}

class WordMap {
  selected = [];
  centre = [];
  marked = [];
  pictures = false;

  constructor(model, info) {
    this.model = model;
    this.info = info;
    this.canvas = h("canvas", {});
    this.overlay = h("canvas", { class: "overlay" });
    this.tip = h("div", { class: "tip", hidden: true });
    this.legend = h("ul", { class: "legend" });
    this.wait = h("p", { class: "wait", role: "status" }, "Loading the map …");
    const name = info.models[model].name;
    this.frame = h("div", { class: "map-frame", tabindex: "0", role: "application", "aria-label": `Map of the words of ${name}. Arrow keys move it, plus and minus zoom, zero shows all.`, on: { keydown: (event) => this.steer(event) } }, this.canvas, this.overlay, this.tip, this.wait, this.legend);
    this.panel = h("aside", { class: "panel", "aria-label": "Words on the map" });
    this.tools = h("div", {});
    this.element = h("div", { class: "map" }, this.tools, h("div", { class: "map-body" }, this.frame, this.panel));
  }

  async load(now) {
    const events = { view: () => this.repaint(), over: (i) => this.point(i), out: () => (this.tip.hidden = true), click: (i) => this.walk(i), lasso: (indices) => this.select(indices) };
    const asked = Promise.all([mapWords(this.model), mapPlaces(this.model, "pca")]);
    const webgl = canDrawWebgl();
    this.plot = webgl ? webglPlot(this.canvas, events) : plainPlot(this.canvas, events);
    if (!webgl) this.frame.append(h("p", { class: "plain-note" }, "This browser has no WebGL: the map is drawn without it, more slowly."));
    const [words, places] = await asked;
    if (shown !== this) return;
    Object.assign(this, { words, places, method: "pca" });
    new ResizeObserver(() => this.resize()).observe(this.frame);
    this.resize();
    this.plot.start();
    this.way = colouring(now, words);
    await this.draw();
    this.wait.hidden = true;
    this.frame.dataset.drawn = "pca";
    announce(`Map of ${count(words.words.length)} words`);
  }

  async update(now) {
    const actions = { lasso: (on) => this.plot.lasso(on), pictures: (on) => this.showPictures(on), zoom: (factor) => this.plot.zoom(factor), reset: () => this.plot.reset(), png: () => savePng(this.view()), svg: () => saveSvg(this.view()) };
    if (this.asked !== link({ q: "" })) replace(this.tools, mapTools(now, this.info, this.words, this.pictures, actions));
    this.asked = link({ q: "" });
    const way = colouring(now, this.words);
    if (way !== this.way) {
      this.way = way;
      await this.draw();
    }
    this.arrange(layout(now, this.info));
    await this.mark(now.q);
  }

  /** Marks what is asked and its neighbours, and lists them. */
  async mark(q) {
    if (this.q === q) return;
    this.q = q;
    this.select([]);
    this.centre = this.marked = [];
    this.plot.dim(Boolean(q));
    if (q) {
      const answer = await ask("api/neighbours", { q, model: this.model, n: 20 }).catch((error) => ({ error }));
      if (this.q !== q || shown !== this) return;
      if (answer.error) return replace(this.panel, failure(answer.error));
      this.centre = answer.terms.map(({ row }) => row);
      this.marked = answer.neighbours.map(({ row }) => row);
      listNeighbours(this.panel, answer, () => this.zoomTo([...this.centre, ...this.marked]));
    }
    this.repaint();
  }

  /** Swaps another layout in when it is ready; what is selected stays selected. */
  async arrange(method) {
    if (this.wanted === method) return;
    this.wanted = method;
    const wanted = () => shown === this && this.wanted === method;
    this.wait.hidden = true;
    if (method === this.method) return;
    const progress = (fraction) => {
      this.wait.hidden = false;
      replace(this.wait, "A clearer map is being computed ", h("progress", { max: "1", value: String(fraction), "aria-label": "Progress of the map" }));
    };
    try {
      const problem = await mapReady(this.model, method, progress, wanted);
      if (problem !== null) return wanted() && this.say(problem);
      const places = await mapPlaces(this.model, method);
      if (!wanted()) return;
      Object.assign(this, { places, method });
      this.wait.hidden = true;
      await this.draw({ moved: true });
      this.frame.dataset.drawn = method;
    } catch (error) {
      if (wanted()) this.say(error.message);
    }
  }

  say(text) {
    this.wait.hidden = !text;
    replace(this.wait, text);
  }

  async draw({ moved = false } = {}) {
    const { index, colours, legend } = coloured(this.way, this.words);
    Object.assign(this, { index, colours });
    this.plot.theme(colour("paper"), colour("accent"));
    replace(this.legend, legend.map(([shade, text]) => h("li", {}, h("i", { style: { background: shade } }), text)));
    await this.plot.draw({ ...this.places, colour: index }, colours, { moved, selected: this.selected });
    this.repaint();
  }

  recolour() {
    if (this.places) this.draw();
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.frame;
    if (!width || !height || !this.plot) return;
    Object.assign(this, { width, height });
    [this.overlay.width, this.overlay.height] = [width * devicePixelRatio, height * devicePixelRatio];
    this.plot.resize(width, height);
    this.repaint();
  }

  repaint() {
    cancelAnimationFrame(this.pending);
    this.pending = requestAnimationFrame(() => {
      if (!this.width || !this.places) return;
      this.tip.hidden = true;
      const { words, places, width, height, marked, centre, pictures } = this;
      this.scene = scene({ words, places, transform: this.plot.transform(), width, height, measure, marked, centre, pictures });
      const target = this.overlay.getContext("2d");
      target.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
      target.clearRect(0, 0, width, height);
      paintScene(target, this.scene, words, () => this.repaint());
    });
  }

  view() {
    const name = `map-${this.info.models[this.model].name}-${this.method}`;
    return { name, plot: this.plot, scene: this.scene, words: this.words, places: this.places, index: this.index, colours: this.colours, width: this.width, height: this.height };
  }

  showPictures(on) {
    this.pictures = on;
    this.repaint();
  }

  /** What is known of a word, by its index. */
  facts(index) {
    const { words, counts, language, languages } = this.words;
    const code = language ? languages[language[index]] : "";
    return { word: code ? `${code}:${words[index]}` : words[index], label: words[index], language: code, count: counts?.[index] ?? null };
  }

  point(index) {
    const { label, language, count: frequency } = this.facts(index);
    const { a, b, c, d } = this.plot.transform();
    replace(this.tip, wordText(label, language), h("small", {}, [language && languageName(language), frequency !== null && `${count(frequency)}×`].filter(Boolean).join(", ")));
    this.tip.style.left = `${a * this.places.x[index] + b}px`;
    this.tip.style.top = `${c * this.places.y[index] + d}px`;
    this.tip.hidden = false;
  }

  walk(index) {
    go({ q: this.facts(index).word });
  }

  select(indices) {
    this.selected = indices;
    this.plot.select(indices);
    if (!indices.length) return listNothing(this.panel, this.words.words.length);
    const actions = { name: this.info.models[this.model].name, clear: () => this.select([]), show: () => this.zoomTo(indices) };
    listSelection(this.panel, indices.map((index) => this.facts(index)), actions);
  }

  zoomTo(indices) {
    const { x, y } = this.places;
    const [left, right] = ends(indices, x);
    const [low, high] = ends(indices, y);
    this.plot.show([(left + right) / 2, (low + high) / 2], 0.6 * Math.max(right - left, high - low));
  }

  steer(event) {
    const step = { ArrowLeft: [-0.2, 0], ArrowRight: [0.2, 0], ArrowUp: [0, 0.2], ArrowDown: [0, -0.2] }[event.key];
    if (step) this.plot.pan(...step);
    else if (event.key === "+" || event.key === "=") this.plot.zoom(1.4);
    else if (event.key === "-") this.plot.zoom(1 / 1.4);
    else if (event.key === "0") this.plot.reset();
    else if (event.key === "Escape") this.select([]);
    else return;
    event.preventDefault();
  }

  destroy() {
    cancelAnimationFrame(this.pending);
    this.plot?.destroy();
  }
}

/** The least and the greatest of the values of some indices. */
function ends(indices, values) {
  let [least, most] = [Infinity, -Infinity];
  for (const i of indices) [least, most] = [Math.min(least, values[i]), Math.max(most, values[i])];
  return [least, most];
}
