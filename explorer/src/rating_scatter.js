/** Ratings against cosines as an SVG: one point a pair. */

import { svg } from "./dom.js";

const WIDTH = 360;
const HEIGHT = 300;
const LEFT = 34;
const BOTTOM = 34;
const EDGE = 8;

/** A scatter of points {a, b, rating, cosine}; each says its pair when hovered. */
export function ratingScatter(points) {
  const across = scale(points.map(({ rating }) => rating), LEFT, WIDTH - EDGE);
  const up = scale(points.map(({ cosine }) => cosine), HEIGHT - BOTTOM, EDGE);
  const radius = points.length > 1000 ? 1.6 : 2.6;
  return svg(
    "svg",
    { class: "ratings", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, xmlns: "http://www.w3.org/2000/svg", role: "img", "aria-label": `Ratings of ${points.length} pairs against their cosines`, "font-family": "sans-serif", "font-size": "10" },
    up.ticks.map((tick) => [
      svg("line", { class: "grid", x1: LEFT, x2: WIDTH - EDGE, y1: up.to(tick), y2: up.to(tick), stroke: "#8885", "stroke-width": 0.6 }),
      svg("text", { class: "tick-text", x: LEFT - 6, y: up.to(tick) + 3, "text-anchor": "end", fill: "#888" }, String(tick)),
    ]),
    across.ticks.map((tick) => svg("text", { class: "tick-text", x: across.to(tick), y: HEIGHT - BOTTOM + 14, "text-anchor": "middle", fill: "#888" }, String(tick))),
    svg("text", { class: "axis", x: (LEFT + WIDTH) / 2, y: HEIGHT - 4, "text-anchor": "middle", fill: "#888" }, "rating by people"),
    svg("text", { class: "axis", x: 0, y: 0, transform: `translate(8 ${(HEIGHT - BOTTOM) / 2}) rotate(-90)`, "text-anchor": "middle", fill: "#888" }, "cosine"),
    svg("g", { class: "points", fill: "#5c7f9c", "fill-opacity": 0.5 }, points.map(({ a, b, rating, cosine }) =>
      svg("circle", { cx: across.to(rating).toFixed(1), cy: up.to(cosine).toFixed(1), r: radius }, svg("title", {}, `${a} – ${b}: rating ${rating}, cosine ${cosine.toFixed(3)}`)))),
  );
}

/** A linear scale with about five round ticks. */
function scale(values, from, until) {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const span = high - low || 1;
  const power = 10 ** Math.floor(Math.log10(span / 4));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => span / size <= 5);
  const ticks = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) ticks.push(Number((i * step).toPrecision(6)));
  return { to: (value) => from + ((value - low) / span) * (until - from), ticks };
}
