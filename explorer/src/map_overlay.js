/** Draws what stands on a map beside its points: on a canvas, or as SVG. */

import { colour, svg } from "./dom.js";
import { haveFiles, thumbnailAddress } from "./thumbnails.js";

const FONT = 'system-ui, "Noto Sans", sans-serif';
const images = new Map();
const pen = document.createElement("canvas").getContext("2d");

/** The width of a text in pixels. */
export function measure(text, size, strong) {
  pen.font = font(size, strong);
  return pen.measureText(text).width;
}

/** Paints a scene; `arrived` is called when a picture that was missing has come. */
export function paintScene(target, { labels, pictures, marks }, words, arrived) {
  const [ink, paper, accent, edge] = ["ink", "paper", "accent", "line"].map(colour);
  target.textAlign = "center";
  target.lineJoin = "round";
  for (const { x, y, strong } of marks) {
    target.beginPath();
    target.arc(x, y, strong ? 6 : 4, 0, 7);
    target.fillStyle = strong ? accent : ink;
    target.lineWidth = 2;
    target.strokeStyle = paper;
    target.fill();
    target.stroke();
  }
  for (const { index, x, y, size, strong } of pictures) {
    const image = picture(words, index, arrived);
    if (typeof image === "string") {
      target.font = font(size * 0.8, false);
      target.fillText(image, x, y + size * 0.29);
    } else if (image?.complete && image.naturalWidth) fit(target, image, x, y, size, strong ? accent : edge);
  }
  for (const { x, y, text, size, strong } of labels) {
    target.font = font(size, strong);
    target.lineWidth = 3.5;
    target.strokeStyle = paper;
    target.strokeText(text, x, y);
    target.fillStyle = ink;
    target.fillText(text, x, y);
  }
}

/** The same scene as SVG elements. */
export function sceneSvg({ labels, pictures, marks }, words) {
  const [ink, paper, accent] = ["ink", "paper", "accent"].map(colour);
  return [
    marks.map(({ x, y, strong }) => svg("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: strong ? 6 : 4, fill: strong ? accent : ink, stroke: paper, "stroke-width": 2 })),
    pictures.map(({ index, x, y, size }) => {
      const image = picture(words, index, () => {});
      if (typeof image === "string") return svg("text", { x, y: y + size * 0.29, "font-size": size * 0.8, "text-anchor": "middle" }, image);
      return image?.complete && image.naturalWidth && svg("image", { x: x - size / 2, y: y - size / 2, width: size, height: size, href: dataAddress(image) });
    }),
    labels.map(({ x, y, text, size, strong }) =>
      svg("text", { x: x.toFixed(1), y: y.toFixed(1), "font-size": size, "font-weight": strong ? 600 : 400, "text-anchor": "middle", fill: ink, stroke: paper, "stroke-width": 3, "paint-order": "stroke", "stroke-linejoin": "round" }, text)),
  ];
}

function font(size, strong) {
  return `${strong ? "600 " : ""}${size}px ${FONT}`;
}

/** The picture of a word: an emoji as text, or an image that may still be loading. */
function picture(words, index, arrived) {
  const row = words.pictures[index];
  if (!haveFiles()) return words.emoji?.[index] ?? null;
  if (!images.has(row)) {
    const image = new Image();
    image.addEventListener("load", arrived);
    image.src = thumbnailAddress(row, 96);
    images.set(row, image);
  }
  return images.get(row);
}

/** Draws an image into a square with round corners. */
function fit(target, image, x, y, size, edge) {
  const scale = size / Math.max(image.naturalWidth, image.naturalHeight);
  const [wide, high] = [image.naturalWidth * scale, image.naturalHeight * scale];
  target.save();
  target.beginPath();
  target.roundRect(x - wide / 2, y - high / 2, wide, high, 5);
  target.strokeStyle = edge;
  target.lineWidth = 2;
  target.stroke();
  target.clip();
  target.drawImage(image, x - wide / 2, y - high / 2, wide, high);
  target.restore();
}

function dataAddress(image) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  canvas.getContext("2d").drawImage(image, 0, 0);
  return canvas.toDataURL("image/png");
}
