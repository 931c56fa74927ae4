/** Answers from the files of an export: lists of answers in shards, one answer a word. */

import { ApiError, request } from "./http.js";

const shards = new Map();

/** The answer to a question, as the server would give it, as far as it was saved. */
export async function savedAnswer(path, parameters, info) {
  const [, call, first] = path.split("/");
  if (call === "suggest") return suggestions(parameters);
  if (call === "picture") return element(`picture/${parameters.model}`, Number(first), info.static);
  if (call === "map") return path.endsWith("/words") ? words(first) : { state: info.static.maps.includes(parameters.method) ? "ready" : "unavailable", reason: "This layout was not saved." };
  return ofWord(call, parameters, info.static);
}

/** The file of coordinates or of a thumbnail. */
export function savedFile(path, { method, size }, { pictures }) {
  return method ? path.replace(/\.bin$/, `.${method}.bin`) : `${path}-${Math.min(size, pictures.sizes.at(-1))}.${pictures.ending}`;
}

function load(file) {
  if (!shards.has(file)) shards.set(file, request(file).then((response) => response.json()));
  return shards.get(file);
}

/** The words of a model's map. */
function words(model) {
  return load(`api/map/${model}/words.json`);
}

async function element(folder, row, { shard }) {
  const answers = await load(`api/${folder}/${Math.floor(row / shard)}.json`);
  return answers[row % shard];
}

async function ofWord(call, { q, model, language, with_pictures: pictured, n }, saved) {
  const row = find(await words(model), q.trim());
  if (row < 0) {
    if (/\s/.test(q.trim())) throw new ApiError("These are saved pages: they know single words only. Start wordsight explore to ask for several at once.");
    return { terms: [], missing: [{ text: q, did_you_mean: [] }], neighbours: [], own: [], nearest: [], languages: {} };
  }
  const answer = await element(`${call}/${model}`, row, saved);
  if (call !== "neighbours") return answer;
  const fits = (near) => (!language || near.language === language) && (!pictured || near.has_pictures);
  return { ...answer, neighbours: answer.neighbours.filter(fits).slice(0, Number(n)) };
}

/** The row of a word, with its tag or without it; −1 for one that was not saved. */
function find({ words: labels, languages, language }, text) {
  const [, tag, label] = /^(?:([a-z]{2,3}):)?(.*)$/s.exec(text);
  const fits = (i, wanted) => labels[i] === wanted && (!tag || (language && languages[language[i]] === tag));
  const row = labels.findIndex((_, i) => fits(i, label));
  return row < 0 ? labels.indexOf(text) : row;
}

async function suggestions({ q, language: wanted, n, model = 0 }) {
  const { words: labels, languages, language, pictures } = await words(model);
  const begins = q.toLowerCase().replace(/^[a-z]{2,3}:/, "");
  const found = [];
  for (let row = 0; row < labels.length && found.length < n; row++) {
    const code = language ? languages[language[row]] : "";
    if (!labels[row].toLowerCase().startsWith(begins) || (wanted && code !== wanted)) continue;
    found.push({ word: code ? `${code}:${labels[row]}` : labels[row], label: labels[row], language: code, row, has_pictures: pictures ? pictures[row] >= 0 : false });
  }
  return { suggestions: found, did_you_mean: [] };
}
