/** What the colours of a map mean: for each word the index of its colour, and the legend that says so. */

import { colour } from "./dom.js";
import { count, languageName } from "./words.js";

const HUES = 10;
const STEPS = 24;

/** The ways of colouring that this model's words allow, as [name, title]. */
export function colourings({ languages, language, counts, pictures, concreteness }) {
  return [
    ["language", "Language", language && languages.length > 1],
    ["pictures", "Has pictures", pictures],
    ["frequency", "Frequency", counts],
    ["concreteness", "Concreteness", concreteness],
    ["plain", "One colour", true],
  ].filter(([, , can]) => can).map(([name, title]) => [name, title]);
}

/** {index: colour of each word, colours, legend: [[colour, text]]} */
export function coloured(name, words) {
  return { language: byLanguage, pictures: byPictures, frequency: byFrequency, concreteness: byConcreteness, plain }[name](words);
}

function plain({ words }) {
  return { index: new Uint8Array(words.length), colours: [colour("hue-1")], legend: [] };
}

function byLanguage({ words, languages, language }) {
  const sizes = languages.map((code, i) => ({ code, i, n: 0 }));
  for (const i of language) sizes[i].n++;
  sizes.sort((a, b) => b.n - a.n);
  const colours = sizes.map((_, rank) => (rank < HUES ? colour(`hue-${rank + 1}`) : colour("faint")));
  const ranks = new Uint16Array(languages.length);
  sizes.forEach(({ i }, rank) => (ranks[i] = rank));
  const legend = sizes.slice(0, HUES).map(({ code }, rank) => [colours[rank], code ? languageName(code) : "other"]);
  if (sizes.length > HUES) legend.push([colour("faint"), "further languages"]);
  return { index: Uint16Array.from(words, (_, i) => ranks[language[i]]), colours, legend };
}

function byPictures({ words, pictures }) {
  const colours = [colour("faint"), colour("accent")];
  return { index: Uint8Array.from(words, (_, i) => Number(pictures[i] >= 0)), colours, legend: [[colours[1], "has pictures"], [colours[0], "has none"]] };
}

function byFrequency({ counts }) {
  const high = counts.reduce((a, b) => Math.max(a, b), 1);
  const low = counts.reduce((a, b) => Math.min(a, b), high);
  return ramp(counts, Math.log, low, high, (value) => `${count(value)}×`);
}

function byConcreteness({ concreteness }) {
  const given = concreteness.filter((value) => value !== null);
  const low = given.reduce((a, b) => Math.min(a, b), Infinity);
  const high = given.reduce((a, b) => Math.max(a, b), -Infinity);
  return ramp(concreteness, (value) => value, low, high, (value) => value.toFixed(1));
}

function ramp(values, measure, low, high, say) {
  const [from, until] = [measure(Math.max(low, 1e-9)), measure(high)];
  const steps = Array.from({ length: STEPS }, (_, i) => mix(i / (STEPS - 1)));
  const step = (value) => (value === null ? STEPS : Math.round(((measure(Math.max(value, 1e-9)) - from) / (until - from || 1)) * (STEPS - 1)));
  const missing = values.includes(null);
  const legend = [[steps[0], say(low)], [steps[STEPS >> 1], ""], [steps[STEPS - 1], say(high)], ...(missing ? [[colour("faint"), "not known"]] : [])];
  return { index: Uint8Array.from(values, step), colours: [...steps, colour("faint")], legend };
}

/** A colour between the ends of the ramp, through its middle. */
function mix(share) {
  const stops = ["ramp-low", "ramp-middle", "ramp-high"].map((name) => colour(name).match(/[\da-f]{2}/gi).map((hex) => parseInt(hex, 16)));
  const part = share < 0.5 ? 0 : 1;
  const inner = share * 2 - part;
  return `#${stops[part].map((from, i) => Math.round(from + (stops[part + 1][i] - from) * inner).toString(16).padStart(2, "0")).join("")}`;
}
