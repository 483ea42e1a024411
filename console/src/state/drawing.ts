import { signal } from "@preact/signals";
import type { Point } from "../api/types";

export type Shape = "zone" | "line" | "ignored" | "privacy";
/** What has a name of its own. */
export type NamedShape = Exclude<Shape, "ignored">;

export const SHAPES: readonly Shape[] = ["zone", "line", "ignored", "privacy"];
export const MOST_CORNERS = 64;
/** How near the first corner a click closes the shape, in shares of the picture. */
const NEAR = 0.015;

/** What is being drawn on the picture of the open camera. */
export interface Drawing {
  shape: Shape;
  points: Point[];
  /** All corners are set; what is left is to name and save it. */
  isDone: boolean;
  /** What is being changed, by number (an ignored area: by its place in the list); null: something new. */
  of: number | null;
}

export const drawing = signal<Drawing | null>(null);
/** What the pointer or the focus is on in the lists, to be shown on the picture: `zone-3`. */
export const pointedAt = signal<string | null>(null);

const share = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 10_000) / 10_000;

export const within = ([x, y]: Point): Point => [share(x), share(y)];

export function beginDrawing(shape: Shape): void {
  drawing.value = { shape, points: [], isDone: false, of: null };
}

export function beginChange(shape: Shape, of: number, points: readonly Point[]): void {
  drawing.value = { shape, points: [...points], isDone: true, of };
}

export function cancelDrawing(): void {
  drawing.value = null;
}

/** Set the next corner. The second of a line, and one on the first corner of a polygon, end the drawing. */
export function addCorner(point: Point): void {
  const now = drawing.peek();
  if (now === null || now.isDone) return;
  const first = now.points[0];
  if (now.shape !== "line" && first !== undefined && now.points.length >= 3 && isNear(first, point)) {
    finishDrawing();
    return;
  }
  const points = [...now.points, within(point)];
  drawing.value = { ...now, points, isDone: points.length === (now.shape === "line" ? 2 : MOST_CORNERS) };
}

export function takeBackCorner(): void {
  const now = drawing.peek();
  if (now !== null && !now.isDone) drawing.value = { ...now, points: now.points.slice(0, -1) };
}

/** End a polygon. False where it has too few corners for that. */
export function finishDrawing(): boolean {
  const now = drawing.peek();
  if (now === null || now.points.length < (now.shape === "line" ? 2 : 3)) return false;
  drawing.value = { ...now, isDone: true };
  return true;
}

export function moveCorner(index: number, point: Point): void {
  const now = drawing.peek();
  if (now !== null) drawing.value = { ...now, points: now.points.map((one, n) => (n === index ? within(point) : one)) };
}

function isNear([x, y]: Point, [u, v]: Point): boolean {
  return Math.hypot(x - u, y - v) < NEAR;
}
