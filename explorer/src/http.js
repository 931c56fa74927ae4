/** Fetches from the server that the page came from, and from nowhere else. */

const token = new URLSearchParams(location.search).get("token");

/** What went wrong, in a line that can be shown. */
export class ApiError extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

/** The address of something that the server has, relative to the page; a token of the page's own address goes along. */
export function address(path, parameters = {}) {
  const given = Object.entries(parameters).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  const query = new URLSearchParams(token ? [...given, ["token", token]] : given).toString();
  return query ? `${path}?${query}` : path;
}

/** The answer of the server; anything but success is an ApiError. */
export async function request(where, options) {
  let response;
  try {
    response = await fetch(where, options);
  } catch {
    throw new ApiError("The explorer does not answer. Is “wordsight explore” still running? Start it again and reload this page.");
  }
  if (response.ok) return response;
  const said = await response.json().catch(() => ({}));
  throw new ApiError(said.error ?? `The explorer answered with error ${response.status}. Reload the page.`, response.status);
}
