import type { CameraPoints } from "../api/points";
import { moodOf, type Mood } from "./cameras";

/** The whole earth by Mercator is a square from 0 to 1; y grows southwards. What no such map shows is cut at 85 degrees. */
export interface Spot {
  x: number;
  y: number;
}

export interface Degrees {
  longitude: number;
  latitude: number;
}

/** What a map of `width` x `height` pixels shows: the spot in its middle, and how many pixels wide the earth would be. */
export interface View {
  middle: Spot;
  scale: number;
}

export interface Extent {
  west: number;
  south: number;
  east: number;
  north: number;
}

const MOST_NORTH = 85;
const LEAST_SCALE = 512;
/** One pixel is some 15 cm. */
const MOST_SCALE = 2 ** 28;

export function spotOf({ longitude, latitude }: Degrees): Spot {
  const sine = Math.sin((Math.max(-MOST_NORTH, Math.min(MOST_NORTH, latitude)) * Math.PI) / 180);
  return { x: longitude / 360 + 0.5, y: 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI) };
}

export function degreesOf({ x, y }: Spot): Degrees {
  const latitude = (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
  return { longitude: (x - 0.5) * 360, latitude };
}

/** Cameras as the map draws them. */
export interface Dots {
  ids: readonly number[];
  /** Spots: x of the first, y of the first, x of the second ... */
  spots: Float64Array;
  states: readonly number[];
  legend: readonly string[];
  /** Which dots have which mood: what needs an eye is drawn last. */
  byMood: ReadonlyMap<Mood, readonly number[]>;
}

export const DRAWN: readonly Mood[] = ["quiet", "good", "busy", "bad"];

export function dotsOf({ units_a_degree: units, id, longitude, latitude, state, states }: CameraPoints): Dots {
  const spots = new Float64Array(id.length * 2);
  const legend = states.map((one) => one ?? "unknown");
  const moods = legend.map(moodOf);
  const byMood = new Map<Mood, number[]>(DRAWN.map((mood) => [mood, []]));
  for (let n = 0; n < id.length; n++) {
    const { x, y } = spotOf({ longitude: (longitude[n] ?? 0) / units, latitude: (latitude[n] ?? 0) / units });
    spots[2 * n] = x;
    spots[2 * n + 1] = y;
    byMood.get(moods[state[n] ?? 0] ?? "quiet")?.push(n);
  }
  return { ids: id, spots, states: state, legend, byMood };
}

const bounded = (scale: number): number => Math.max(LEAST_SCALE, Math.min(MOST_SCALE, scale));

/** The view that shows all dots with some room around. Strays, a place mistyped by a continent, do not spoil it. */
export function viewOfAll({ spots }: Dots, width: number, height: number): View {
  const count = spots.length / 2;
  if (count === 0) return { middle: { x: 0.5, y: 0.4 }, scale: LEAST_SCALE };
  const xs = Float64Array.from({ length: count }, (_, n) => spots[2 * n] ?? 0).sort();
  const ys = Float64Array.from({ length: count }, (_, n) => spots[2 * n + 1] ?? 0).sort();
  const stray = count > 100 ? Math.floor(count / 200) : 0;
  const [west, east] = [xs[stray] ?? 0, xs[count - 1 - stray] ?? 1];
  const [north, south] = [ys[stray] ?? 0, ys[count - 1 - stray] ?? 1];
  const scale = 0.85 * Math.min(width / Math.max(1e-7, east - west), height / Math.max(1e-7, south - north));
  return { middle: { x: (west + east) / 2, y: (north + south) / 2 }, scale: bounded(Math.min(scale, 2 ** 24)) };
}

/** The view after zooming by `factor`, with what lies under (`px`, `py`) staying there. */
export function zoomed(view: View, factor: number, px: number, py: number, width: number, height: number): View {
  const scale = bounded(view.scale * factor);
  const [dx, dy] = [px - width / 2, py - height / 2];
  const shift = 1 / view.scale - 1 / scale;
  return { middle: { x: view.middle.x + dx * shift, y: view.middle.y + dy * shift }, scale };
}

export const panned = ({ middle, scale }: View, dx: number, dy: number): View => ({
  middle: { x: middle.x - dx / scale, y: Math.max(0, Math.min(1, middle.y - dy / scale)) },
  scale,
});

export const spotAt = ({ middle, scale }: View, px: number, py: number, width: number, height: number): Spot => ({
  x: middle.x + (px - width / 2) / scale,
  y: middle.y + (py - height / 2) / scale,
});

/** The dots within `reach` pixels of a place on the map, nearest first, at most `most`. */
export function dotsNear({ spots }: Dots, at: Spot, view: View, reach: number, most: number): number[] {
  const far = reach / view.scale;
  const found: { n: number; d: number }[] = [];
  for (let n = 0; n < spots.length / 2; n++) {
    const dx = (spots[2 * n] ?? 0) - at.x;
    const dy = (spots[2 * n + 1] ?? 0) - at.y;
    if (Math.abs(dx) <= far && Math.abs(dy) <= far) found.push({ n, d: dx * dx + dy * dy });
  }
  found.sort((a, b) => a.d - b.d);
  return found.slice(0, most).map(({ n }) => n);
}

/** West, south, east, north of a rectangle between two spots, as the filter takes it. */
export function boxBetween(one: Spot, other: Spot): string {
  const a = degreesOf({ x: Math.min(one.x, other.x), y: Math.max(one.y, other.y) });
  const b = degreesOf({ x: Math.max(one.x, other.x), y: Math.min(one.y, other.y) });
  return [a.longitude, a.latitude, b.longitude, b.latitude].map((degree) => degree.toFixed(5)).join(",");
}

export function extentOf(bbox: string | null): Extent | null {
  const [west, south, east, north] = (bbox ?? "").split(",").map(Number);
  if (west === undefined || south === undefined || east === undefined || north === undefined) return null;
  return [west, south, east, north].every(Number.isFinite) ? { west, south, east, north } : null;
}

/** The view as a link says it: longitude, latitude, and how often the earth was doubled from 256 pixels. */
export function textOf({ middle, scale }: View): string {
  const { longitude, latitude } = degreesOf(middle);
  return `${longitude.toFixed(5)},${latitude.toFixed(5)},${Math.log2(scale / 256).toFixed(2)}`;
}

export function viewIn(text: string | null): View | null {
  const [longitude, latitude, zoom] = (text ?? "").split(",").map(Number);
  if (longitude === undefined || latitude === undefined || zoom === undefined) return null;
  if (![longitude, latitude, zoom].every(Number.isFinite)) return null;
  return { middle: spotOf({ longitude, latitude }), scale: bounded(256 * 2 ** zoom) };
}
