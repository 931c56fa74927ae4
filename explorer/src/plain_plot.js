/** The same map on a 2-D canvas, for browsers without WebGL: slower, but all of it works. */

const NEAR = 8;

/** A plot on a canvas; `events` has view, over, out, click and lasso. */
export function plainPlot(canvas, events) {
  const pen = canvas.getContext("2d");
  let size = [1, 1];
  let camera = { x: 0, y: 0, distance: 1 };
  let points = { x: [], y: [], colour: [] };
  let colours = ["#888"];
  let selected = [];
  let accent = "#c8553d";
  let lassoing = false;
  let trail = null;
  let dimmed = false;
  let frame = 0;

  const whole = () => 1.08 * Math.max(1, size[1] / size[0]);
  const transform = () => {
    const half = size[1] / 2 / camera.distance;
    return { a: half, b: size[0] / 2 - camera.x * half, c: -half, d: size[1] / 2 + camera.y * half };
  };

  function paint(target = pen, scale = devicePixelRatio) {
    const { a, b, c, d } = transform();
    const side = points.x.length < 3000 ? 5 : points.x.length < 30_000 ? 3 : 2;
    target.setTransform(scale, 0, 0, scale, 0, 0);
    target.clearRect(0, 0, ...size);
    const dot = (i, wide) => target.fillRect(a * points.x[i] + b - wide / 2, c * points.y[i] + d - wide / 2, wide, wide);
    target.globalAlpha = dimmed ? 0.35 : 0.85;
    let last = -1;
    for (let i = 0; i < points.x.length; i++) {
      if (points.colour[i] !== last) target.fillStyle = colours[(last = points.colour[i])];
      dot(i, side);
    }
    target.globalAlpha = 1;
    target.fillStyle = accent;
    selected.forEach((i) => dot(i, side + 2));
    if (!trail) return;
    target.strokeStyle = accent;
    target.stroke(new Path2D(`M${trail.map(([x, y]) => `${x} ${y}`).join("L")}`));
  }

  const changed = () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      paint();
      events.view();
    });
  };
  const look = (next) => {
    camera = { ...camera, ...next };
    changed();
  };

  function nearest(x, y) {
    const { a, b, c, d } = transform();
    let found = -1;
    let least = NEAR ** 2;
    for (let i = 0; i < points.x.length; i++) {
      const far = (a * points.x[i] + b - x) ** 2 + (c * points.y[i] + d - y) ** 2;
      if (far < least) [found, least] = [i, far];
    }
    return found;
  }

  function within() {
    const { a, b, c, d } = transform();
    const area = new Path2D(`M${trail.map(([x, y]) => `${x} ${y}`).join("L")}Z`);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    return [...points.x.keys()].filter((i) => pen.isPointInPath(area, a * points.x[i] + b, c * points.y[i] + d));
  }

  let pressed = null;
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pressed = { x: event.offsetX, y: event.offsetY, moved: false, from: camera };
    if (lassoing || event.shiftKey) trail = [[event.offsetX, event.offsetY]];
  });
  canvas.addEventListener("pointermove", (event) => {
    const { offsetX: x, offsetY: y } = event;
    if (!pressed) {
      const index = nearest(x, y);
      return index < 0 ? events.out() : events.over(index);
    }
    pressed.moved ||= Math.hypot(x - pressed.x, y - pressed.y) > 3;
    if (trail) trail.push([x, y]);
    const { a, c } = transform();
    look(trail ? {} : { x: pressed.from.x - (x - pressed.x) / a, y: pressed.from.y - (y - pressed.y) / c });
  });
  canvas.addEventListener("pointerup", (event) => {
    if (trail) events.lasso((selected = within()));
    else if (!pressed?.moved) {
      const index = nearest(event.offsetX, event.offsetY);
      if (index >= 0) events.click(index);
    }
    trail = pressed = null;
    changed();
  });
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    look({ distance: camera.distance * 1.0015 ** event.deltaY });
  }, { passive: false });

  return {
    async draw(next, nextColours, { selected: kept = [] } = {}) {
      [points, colours, selected] = [next, nextColours, kept];
      changed();
    },
    theme(_, nextAccent) {
      accent = nextAccent;
      changed();
    },
    resize(width, height) {
      size = [width, height];
      [canvas.width, canvas.height] = [width * devicePixelRatio, height * devicePixelRatio];
      changed();
    },
    transform,
    dim(on) {
      dimmed = on;
      changed();
    },
    select(indices) {
      selected = indices;
      changed();
    },
    lasso: (on) => (lassoing = on),
    zoom: (factor) => look({ distance: camera.distance / factor }),
    pan: (dx, dy) => look({ x: camera.x + dx * camera.distance, y: camera.y + dy * camera.distance }),
    reset: () => look({ x: 0, y: 0, distance: whole() }),
    show: ([x, y], extent) => look({ x, y, distance: Math.max(0.02, extent * whole()) }),
    start: () => look({ x: 0, y: 0, distance: whole() }),
    async image(scale) {
      const drawn = new OffscreenCanvas(size[0] * scale, size[1] * scale).getContext("2d");
      paint(drawn, scale);
      return drawn.getImageData(0, 0, drawn.canvas.width, drawn.canvas.height);
    },
    destroy: () => cancelAnimationFrame(frame),
  };
}
