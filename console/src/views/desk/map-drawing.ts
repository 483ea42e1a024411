import type { Mood } from "../../state/cameras";
import { degreesOf, DRAWN, spotOf, type Dots, type Extent, type View } from "../../state/map";

export interface Drawn {
  dots: Dots;
  view: View;
  /** Of the canvas, in CSS pixels. */
  width: number;
  height: number;
  /** The area of the filter, and the one that is being drawn in pixels. */
  extent: Extent | null;
  rubber: { x: number; y: number; toX: number; toY: number } | null;
  /** The dot that is pointed at. */
  pointed: number | null;
}

/** Lines of the graticule stand so many degrees apart, at least so many pixels. */
const STEPS = [30, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001] as const;
const LINE_APART = 110;
/** Fewer dots than this are drawn round. */
const ROUND = 3_000;

function colours(canvas: HTMLCanvasElement) {
  const style = getComputedStyle(canvas);
  return (name: string) => style.getPropertyValue(`--${name}`).trim();
}

function degree(value: number, step: number, positive: string, negative: string): string {
  const digits = Math.max(0, Math.ceil(-Math.log10(step)));
  return `${Math.abs(value).toFixed(digits)}° ${value < 0 ? negative : positive}`;
}

function drawGraticule(context: CanvasRenderingContext2D, { view, width, height }: Drawn, line: string, dim: string): void {
  const { middle, scale } = view;
  const perDegree = scale / 360;
  const step = [...STEPS].reverse().find((one) => one * perDegree >= LINE_APART) ?? STEPS[0];
  const across = (x: number) => (x - middle.x) * scale + width / 2;
  const down = (y: number) => (y - middle.y) * scale + height / 2;
  const west = degreesOf({ x: middle.x - width / 2 / scale, y: 0.5 }).longitude;
  const east = degreesOf({ x: middle.x + width / 2 / scale, y: 0.5 }).longitude;
  const north = degreesOf({ x: 0.5, y: Math.max(0, middle.y - height / 2 / scale) }).latitude;
  const south = degreesOf({ x: 0.5, y: Math.min(1, middle.y + height / 2 / scale) }).latitude;
  context.strokeStyle = line;
  context.fillStyle = dim;
  context.lineWidth = 1;
  context.font = "11px system-ui, sans-serif";
  context.beginPath();
  for (let n = Math.ceil(Math.max(-180, west) / step); n * step <= Math.min(180, east); n++) {
    const x = Math.round(across(spotOf({ longitude: n * step, latitude: 0 }).x)) + 0.5;
    context.moveTo(x, 0);
    context.lineTo(x, height);
    context.fillText(degree(n * step, step, "E", "W"), x + 4, height - 6);
  }
  for (let n = Math.ceil(south / step); n * step <= north; n++) {
    const y = Math.round(down(spotOf({ longitude: 0, latitude: n * step }).y)) + 0.5;
    context.moveTo(0, y);
    context.lineTo(width, y);
    context.fillText(degree(n * step, step, "N", "S"), 6, y - 4);
  }
  context.stroke();
}

/** How many dots lie on the map. */
function countShown({ dots: { spots }, view: { middle, scale }, width, height }: Drawn): number {
  const [across, down] = [width / 2 / scale, height / 2 / scale];
  let count = 0;
  for (let n = 0; n < spots.length; n += 2) {
    if (Math.abs((spots[n] ?? 0) - middle.x) <= across && Math.abs((spots[n + 1] ?? 0) - middle.y) <= down) count += 1;
  }
  return count;
}

function drawRound(context: CanvasRenderingContext2D, drawn: Drawn, radius: number, colour: (mood: Mood) => string) {
  const { dots, view, width, height } = drawn;
  for (const mood of DRAWN) {
    context.fillStyle = colour(mood);
    for (const n of dots.byMood.get(mood) ?? []) {
      const x = ((dots.spots[2 * n] ?? 0) - view.middle.x) * view.scale + width / 2;
      const y = ((dots.spots[2 * n + 1] ?? 0) - view.middle.y) * view.scale + height / 2;
      if (x < -radius || y < -radius || x > width + radius || y > height + radius) continue;
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fill();
    }
  }
}

/** A colour as the pixels of an image hold it: red in the lowest byte. */
function pixelOf(context: CanvasRenderingContext2D, colour: string): number {
  context.fillStyle = colour;
  // What is read back is always #rrggbb, whatever way it was written.
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(String(context.fillStyle).slice(at, at + 2), 16));
  return (0xff000000 | ((blue ?? 0) << 16) | ((green ?? 0) << 8) | (red ?? 0)) >>> 0;
}

/** A hundred thousand squares, pixel by pixel: ten times faster than rectangle by rectangle. */
function drawSquares(
  context: CanvasRenderingContext2D,
  { dots, view, width, height }: Drawn,
  radius: number,
  fine: number,
  colour: (mood: Mood) => string,
) {
  const layer = new OffscreenCanvas(Math.max(1, Math.round(width * fine)), Math.max(1, Math.round(height * fine)));
  const paper = layer.getContext("2d");
  if (paper === null) return;
  const image = paper.createImageData(layer.width, layer.height);
  const pixels = new Uint32Array(image.data.buffer);
  const side = Math.max(1, Math.round(2 * radius * fine));
  const scale = view.scale * fine;
  const [left, top] = [layer.width / 2 - side / 2, layer.height / 2 - side / 2];
  for (const mood of DRAWN) {
    const pixel = pixelOf(context, colour(mood));
    for (const n of dots.byMood.get(mood) ?? []) {
      const x = Math.round(((dots.spots[2 * n] ?? 0) - view.middle.x) * scale + left);
      const y = Math.round(((dots.spots[2 * n + 1] ?? 0) - view.middle.y) * scale + top);
      if (x < 0 || y < 0 || x + side > layer.width || y + side > layer.height) continue;
      for (let row = y; row < y + side; row++) pixels.fill(pixel, row * layer.width + x, row * layer.width + x + side);
    }
  }
  paper.putImageData(image, 0, 0);
  context.drawImage(layer, 0, 0, width, height);
}

function drawDots(context: CanvasRenderingContext2D, drawn: Drawn, fine: number, colour: (mood: Mood) => string) {
  const { view, width, height } = drawn;
  const shown = countShown(drawn);
  const byZoom = Math.max(1.5, Math.min(6, Math.log2(view.scale / 256) - 8));
  // Where there is less room for each, each is smaller: a crowd must not hide how it is doing.
  const radius = Math.max(0.75, Math.min(byZoom, Math.sqrt((width * height) / Math.max(1, shown)) / 4));
  if (shown <= ROUND) drawRound(context, drawn, radius, colour);
  else drawSquares(context, drawn, radius, fine, colour);
}

function drawBoxes(context: CanvasRenderingContext2D, { extent, rubber, view, width, height }: Drawn, accent: string) {
  context.strokeStyle = accent;
  context.lineWidth = 2;
  if (extent) {
    const a = spotOf({ longitude: extent.west, latitude: extent.north });
    const b = spotOf({ longitude: extent.east, latitude: extent.south });
    const x = (a.x - view.middle.x) * view.scale + width / 2;
    const y = (a.y - view.middle.y) * view.scale + height / 2;
    context.setLineDash([7, 5]);
    context.strokeRect(x, y, (b.x - a.x) * view.scale, (b.y - a.y) * view.scale);
    context.setLineDash([]);
  }
  if (rubber) {
    context.strokeRect(rubber.x, rubber.y, rubber.toX - rubber.x, rubber.toY - rubber.y);
    context.globalAlpha = 0.15;
    context.fillStyle = accent;
    context.fillRect(rubber.x, rubber.y, rubber.toX - rubber.x, rubber.toY - rubber.y);
    context.globalAlpha = 1;
  }
}

/** Draw the map: graticule, dots, boxes. */
export function draw(canvas: HTMLCanvasElement, drawn: Drawn): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const { width, height, view, dots, pointed } = drawn;
  const colour = colours(canvas);
  const fine = Math.min(2, devicePixelRatio);
  canvas.width = Math.round(width * fine);
  canvas.height = Math.round(height * fine);
  context.scale(fine, fine);
  drawGraticule(context, drawn, colour("line"), colour("dim"));
  drawDots(context, drawn, fine, colour);
  drawBoxes(context, drawn, colour("accent"));
  if (pointed !== null) {
    context.strokeStyle = colour("text");
    context.lineWidth = 2;
    context.beginPath();
    const x = ((dots.spots[2 * pointed] ?? 0) - view.middle.x) * view.scale + width / 2;
    const y = ((dots.spots[2 * pointed + 1] ?? 0) - view.middle.y) * view.scale + height / 2;
    context.arc(x, y, 9, 0, 2 * Math.PI);
    context.stroke();
  }
}
