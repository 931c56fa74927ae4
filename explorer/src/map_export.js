/** Saves a map as it is seen: PNG in double size, or SVG with the labels as text. */

import { colour, svg } from "./dom.js";
import { download } from "./downloads.js";
import { paintScene, sceneSvg } from "./map_overlay.js";

const SCALE = 2;
const VECTORS = 20_000;

/** Saves `view` = {name, plot, scene, words, places, colours, index, width, height} as PNG. */
export async function savePng({ name, plot, scene, words, width, height }) {
  const canvas = new OffscreenCanvas(width * SCALE, height * SCALE);
  const target = canvas.getContext("2d");
  target.fillStyle = colour("paper");
  target.fillRect(0, 0, canvas.width, canvas.height);
  target.drawImage(await createImageBitmap(await plot.image(SCALE)), 0, 0, canvas.width, canvas.height);
  target.scale(SCALE, SCALE);
  paintScene(target, scene, words, () => {});
  download(`${name}.png`, await canvas.convertToBlob({ type: "image/png" }), "image/png");
}

/** Saves the same view as SVG: points are circles, or one picture where there are too many. */
export async function saveSvg(view) {
  const { name, scene, words, width, height } = view;
  const drawn = svg(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${height}`, "font-family": "sans-serif" },
    svg("rect", { width, height, fill: colour("paper") }),
    (await points(view)),
    sceneSvg(scene, words),
  );
  download(`${name}.svg`, drawn.outerHTML, "image/svg+xml");
}

async function points({ plot, places, index, colours, width, height }) {
  const { a, b, c, d } = plot.transform();
  const seen = [];
  for (let i = 0; i < places.x.length; i++) {
    const [x, y] = [a * places.x[i] + b, c * places.y[i] + d];
    if (x >= 0 && y >= 0 && x <= width && y <= height) seen.push([x, y, colours[index[i]]]);
  }
  if (seen.length > VECTORS) return svg("image", { width, height, href: await raster(plot) });
  const radius = seen.length < 3000 ? 3 : 2;
  return svg("g", { "fill-opacity": 0.8 }, seen.map(([x, y, fill]) => svg("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: radius, fill })));
}

async function raster(plot) {
  const data = await plot.image(SCALE);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [data.width, data.height];
  canvas.getContext("2d").putImageData(data, 0, 0);
  return canvas.toDataURL("image/png");
}
