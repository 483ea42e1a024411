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

function drawDots(context: CanvasRenderingContext2D, { dots, view, width, height }: Drawn, colour: (mood: Mood) => string) {
  const { spots } = dots;
  const { middle, scale } = view;
  const radius = Math.max(1.5, Math.min(6, Math.log2(scale / 256) - 8));
  const isRound = spots.length / 2 <= ROUND || radius >= 4;
  const side = 2 * radius;
  for (const mood of DRAWN) {
    context.fillStyle = colour(mood);
    for (const n of dots.byMood.get(mood) ?? []) {
      const x = ((spots[2 * n] ?? 0) - middle.x) * scale + width / 2;
      const y = ((spots[2 * n + 1] ?? 0) - middle.y) * scale + height / 2;
      if (x < -side || y < -side || x > width + side || y > height + side) continue;
      if (isRound) {
        context.beginPath();
        context.arc(x, y, radius, 0, 2 * Math.PI);
        context.fill();
      } else {
        context.fillRect(x - radius, y - radius, side, side);
      }
    }
  }
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
  drawDots(context, drawn, colour);
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
