import { signal } from "@preact/signals";

/** So long a camera is taken for one whose pictures do not come. */
const FOR_MS = 60_000;

/** Cameras of which a picture did not come, most likely since they are not shared: by number, until when that holds. */
const until = signal<ReadonlyMap<number, number>>(new Map());

/** Whether to spare the server a question that it has just refused, and would put on record each time. */
export const isUnshared = (camera: number): boolean => (until.value.get(camera) ?? 0) > Date.now();

export function noteUnshared(camera: number): void {
  if (!isUnshared(camera)) until.value = new Map([...until.peek(), [camera, Date.now() + FOR_MS]]);
}
