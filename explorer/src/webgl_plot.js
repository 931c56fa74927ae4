/** A map's points on the graphics card, by regl-scatterplot. Points are x, y in [-1, 1] and the index of a colour. */

import createScatterplot, { createRenderer } from "regl-scatterplot";

const SMOOTH = 100_000;

let renderer;

/** Whether this browser can draw with WebGL and its float textures. One context serves all maps. */
export function canDrawWebgl() {
  if (renderer === undefined) {
    try {
      renderer = createRenderer();
    } catch {
      renderer = null;
    }
  }
  return Boolean(renderer?.isSupported);
}

/** A plot on a canvas; `events` has view, over, out, click and lasso. */
export function webglPlot(canvas, events) {
  let width = 1;
  let height = 1;
  let clicked = true;
  const plot = createScatterplot({
    canvas,
    renderer,
    width,
    height,
    colorBy: "valueA",
    pointScaleMode: "asinh",
    spatialIndexUseWorker: false,
    lassoMinDist: 3,
    pointSizeSelected: 1,
    pointOutlineWidth: 1.5,
    actionKeyMap: { lasso: "shift" },
    deselectOnDblClick: false,
  });
  plot.subscribe("view", () => events.view());
  plot.subscribe("pointover", (index) => events.over(index));
  plot.subscribe("pointout", () => events.out());
  plot.subscribe("lassoStart", () => (clicked = false));
  plot.subscribe("lassoEnd", () => setTimeout(() => (clicked = true)));
  plot.subscribe("deselect", () => events.lasso([]));
  plot.subscribe("select", ({ points }) => {
    if (clicked && points.length === 1) plot.deselect({ preventEvent: true });
    if (clicked && points.length === 1) events.click(points[0]);
    else events.lasso(points);
  });

  const centre = () => plot.get("cameraTarget");
  const distance = () => plot.get("cameraDistance");
  const whole = () => 1.08 * Math.max(1, height / width);

  let dimmed = false;
  let drawn = 0;
  const opacity = (n) => (n < 30_000 ? 0.85 : 0.6) * (dimmed ? 0.4 : 1);

  return {
    /** Draws points; `moved` lets them travel from where they were. */
    async draw(points, colours, { moved = false, selected = [] } = {}) {
      const n = (drawn = points.x.length);
      const transition = moved && n <= SMOOTH;
      plot.set({ pointColor: colours.length > 1 ? colours : [colours[0], colours[0]], pointSize: n < 3000 ? 6 : n < 30_000 ? 4 : 2.5, opacity: opacity(n) });
      await plot.draw({ x: points.x, y: points.y, z: points.colour }, { zDataType: "categorical", transition, transitionDuration: 900, preventFilterReset: true });
      plot.select(selected, { preventEvent: true });
    },
    theme(background, accent) {
      plot.set({ backgroundColor: background, pointColorActive: accent, pointColorHover: accent, lassoColor: accent });
    },
    resize(w, h) {
      [width, height] = [w, h];
      plot.set({ width, height });
    },
    /** Screen x = a·x + b, y = c·y + d, in CSS pixels. */
    transform() {
      const view = plot.get("camera").view;
      const half = height / 2;
      return { a: view[0] * half, b: view[12] * half + width / 2, c: -view[5] * half, d: half - view[13] * half };
    },
    /** Lets the points step back behind what is marked. */
    dim(on) {
      dimmed = on;
      plot.set({ opacity: opacity(drawn) });
    },
    select: (indices) => plot.select(indices, { preventEvent: true }),
    lasso: (on) => plot.set({ mouseMode: on ? "lasso" : "panZoom" }),
    zoom: (factor) => plot.zoomToLocation(centre(), distance() / factor, { transition: true, transitionDuration: 180 }),
    pan: (dx, dy) => plot.zoomToLocation([centre()[0] + dx * distance(), centre()[1] + dy * distance()], distance(), { transition: true, transitionDuration: 120 }),
    reset: () => plot.zoomToLocation([0, 0], whole(), { transition: true, transitionDuration: 250 }),
    show: ([x, y], extent) => plot.zoomToLocation([x, y], Math.max(0.02, extent * whole()), { transition: true, transitionDuration: 400 }),
    start: () => plot.zoomToLocation([0, 0], whole()),
    image: (scale) => plot.export({ scale }),
    destroy: () => plot.destroy(),
  };
}
