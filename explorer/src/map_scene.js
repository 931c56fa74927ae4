/** What stands on a map beside its points: labels that do not overlap, pictures in place of dots, marks. */

const CELL = 4;
const PICTURE = 34;
const BELOW = PICTURE / 2 + 16 + CELL; // to the foot of a label below a picture
const ROOM = 7000; // square pixels a label
const LOOKED_AT = 60_000;

/**
 * Chooses what is shown, the most frequent words first: {labels: [{index, x, y, text, size, strong}],
 * pictures: [{index, x, y, size}], marks: [{x, y, strong}]} in CSS pixels.
 */
export function scene({ words, places, transform, width, height, measure, marked, centre, pictures }) {
  const { a, b, c, d } = transform;
  const taken = new Taken(width, height);
  const at = (i) => [a * places.x[i] + b, c * places.y[i] + d];
  const inside = (x, y) => x > 0 && y > 0 && x < width && y < height;
  const shown = { labels: [], pictures: [], marks: [] };

  const label = (index, [x, y], strong, below = 9) => {
    const text = words.words[index];
    const size = strong ? 14 : 12;
    const wide = measure(text, size, strong) + 6;
    if (!taken.claim(x - wide / 2, y - below - size - 2, wide, size + 4)) return;
    shown.labels.push({ index, x, y: y - below, text, size, strong });
  };
  const picture = (index, [x, y]) => {
    const free = words.pictures[index] >= 0 && taken.claim(x - PICTURE / 2, y - PICTURE / 2, PICTURE, PICTURE);
    if (free) shown.pictures.push({ index, x, y, size: PICTURE, strong: centre.includes(index) });
    return free;
  };
  for (const index of [...centre, ...marked]) {
    const [x, y] = at(index);
    if (!inside(x, y)) continue;
    if (pictures && picture(index, [x, y])) label(index, [x, y + BELOW], true, 0);
    else {
      shown.marks.push({ x, y, strong: centre.includes(index) });
      label(index, [x, y], true, 10);
    }
  }
  const most = Math.min(400, Math.ceil((width * height) / ROOM));
  const looked = Math.abs(a) < width * 2 ? Math.min(words.order.length, LOOKED_AT) : words.order.length; // far out, the frequent suffice
  for (let k = 0; k < looked && shown.labels.length + shown.pictures.length < most; k++) {
    const index = words.order[k];
    const [x, y] = at(index);
    if (!inside(x, y)) continue;
    if (!pictures || words.pictures[index] < 0) label(index, [x, y], false);
    else if (picture(index, [x, y])) label(index, [x, y + BELOW], false, 0);
  }
  return shown;
}

/** Which part of the view is taken, in cells of a few pixels. */
class Taken {
  constructor(width, height) {
    this.across = Math.ceil(width / CELL);
    this.down = Math.ceil(height / CELL);
    this.cells = new Uint8Array(this.across * this.down);
  }

  /** Takes a rectangle if all of it is free and in view. */
  claim(x, y, width, height) {
    const [left, top] = [Math.floor(x / CELL), Math.floor(y / CELL)];
    const [right, bottom] = [Math.ceil((x + width) / CELL), Math.ceil((y + height) / CELL)];
    if (left < 0 || top < 0 || right > this.across || bottom > this.down) return false;
    for (let row = top; row < bottom; row++) for (let column = left; column < right; column++) if (this.cells[row * this.across + column]) return false;
    for (let row = top; row < bottom; row++) this.cells.fill(1, row * this.across + left, row * this.across + right);
    return true;
  }
}
