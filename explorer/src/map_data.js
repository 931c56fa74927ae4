/** The words of a map and where they lie; asked once for each model. */

import { ask, bytes, fresh } from "./api.js";

const known = new Map();

/** Words, languages, counts, pictures and concreteness of a model, and the order in which labels are set. */
export function mapWords(model) {
  if (!known.has(model)) {
    const answer = ask(`api/map/${model}/words`).then(({ words, ...facts }) => ({ words, ...facts, order: order(words.length, facts.counts) }));
    known.set(model, answer);
    answer.catch(() => known.delete(model));
  }
  return known.get(model);
}

/** Indices of the words, the most frequent first; without counts they stand as they are. */
function order(n, counts) {
  const indices = Uint32Array.from({ length: n }, (_, i) => i);
  return counts ? indices.sort((a, b) => counts[b] - counts[a] || a - b) : indices;
}

/** Where each word lies: {x, y} in [-1, 1]. */
export async function mapPlaces(model, method) {
  const xy = new Float32Array(await bytes(`api/map/${model}.bin`, { method }));
  const n = xy.length / 2;
  const x = new Float32Array(n);
  const y = new Float32Array(n);
  for (let i = 0; i < n; i++) [x[i], y[i]] = [xy[2 * i], xy[2 * i + 1]];
  return { x, y };
}

/** Waits until a map is ready; `progress` hears the fraction done. Returns what went wrong, or null. */
export async function mapReady(model, method, progress, wanted) {
  while (wanted()) {
    const { state, fraction, reason } = await fresh(`api/map/${model}`, { method });
    if (state === "ready") return null;
    if (state !== "computing") return reason ?? "This map cannot be computed.";
    progress(fraction ?? 0);
    await new Promise((done) => setTimeout(done, 1000));
  }
  return "";
}
