/** Asks what the page shows: of the server, or of the files that an export saved. */

import { address, request } from "./http.js";
import { savedAnswer, savedFile } from "./saved_answers.js";

const KEPT = 300;
const answers = new Map();
let saved = null;

/** What there is: models, pictures, languages. Saved pages have the same in a file. */
export async function connect() {
  try {
    return await (await request(address("api/info"))).json();
  } catch (error) {
    const file = await fetch("api/info.json").catch(() => null);
    if (!file?.ok) throw error;
    const info = await file.json();
    saved = info;
    return info;
  }
}

/** The JSON answer to a question; an answer is remembered, a failure is not. */
export function ask(path, parameters = {}) {
  const where = address(path, parameters);
  if (!answers.has(where)) {
    if (answers.size >= KEPT) answers.delete(answers.keys().next().value);
    const answer = fresh(path, parameters);
    answers.set(where, answer);
    answer.catch(() => answers.delete(where));
  }
  return answers.get(where);
}

/** The JSON answer as it is now, for what changes while the page is open. */
export async function fresh(path, parameters = {}) {
  return saved ? savedAnswer(path, parameters, saved) : (await request(address(path, parameters))).json();
}

/** The bytes of an answer. */
export async function bytes(path, parameters) {
  return (await request(addressOf(path, parameters))).arrayBuffer();
}

/** Sends a file and returns the JSON answer. */
export async function post(path, parameters, body) {
  return (await request(address(path, parameters), { method: "POST", body })).json();
}

/** The address of what is no JSON: coordinates and thumbnails. */
export function addressOf(path, parameters) {
  return saved ? savedFile(path, parameters, saved) : address(path, parameters);
}
