/** The state of the page, which is all in the address: every view is a link, and back goes back. */

const DEFAULTS = {
  view: "neighbours",
  q: "",
  models: "",
  language: "",
  pictured: "",
  n: "20",
  row: "",
  colour: "language",
  layout: "",
};

const listeners = new Set();

/** What the address says now: every key of DEFAULTS as a string. */
export function state() {
  return { ...DEFAULTS, ...Object.fromEntries(new URLSearchParams(location.hash.slice(1))) };
}

/** The link of a state that differs from the present one in `changes`. */
export function link(changes) {
  const kept = Object.entries({ ...state(), ...changes }).filter(([key, value]) => key in DEFAULTS && value !== DEFAULTS[key]);
  return `#${new URLSearchParams(kept)}`;
}

/** Goes to another state; `quietly` leaves no step for the back button. */
export function go(changes, { quietly = false } = {}) {
  const target = link(changes);
  if (target === link({})) return;
  history[quietly ? "replaceState" : "pushState"](null, "", target);
  listeners.forEach((listener) => listener(state()));
}

/** Calls a listener with the state now and whenever it changes. */
export function follow(listener) {
  listeners.add(listener);
  listener(state());
}

addEventListener("popstate", () => listeners.forEach((listener) => listener(state())));

/** The indices of the models that are shown. */
export function chosen(now, models) {
  const indices = now.models.split(",").map(Number).filter((index) => now.models && index in models);
  return indices.length ? indices : models.map((_, index) => index).slice(0, 4);
}
