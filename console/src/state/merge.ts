import type { Order } from "../api/events";
import type { EventRecord } from "../api/types";

/** Newest first. Ids are decimal numbers past 2^53: the longer is the larger, of equal length the text decides. */
export function newestFirst(a: string, b: string): number {
  return b.length - a.length || (a < b ? 1 : a > b ? -1 : 0);
}

/** Both lists as one, in order, each event once in its newest version. */
export function merged(
  old: readonly EventRecord[],
  more: readonly EventRecord[],
  order: Order = "newest",
): EventRecord[] {
  const byId = new Map(old.map((event) => [event.id, event]));
  for (const event of more) {
    const known = byId.get(event.id);
    // The same version may come again with a picture that was not ready before.
    if (known === undefined || event.version >= known.version) byId.set(event.id, event);
  }
  return [...byId.values()].sort((a, b) => (order === "newest" ? newestFirst(a.id, b.id) : newestFirst(b.id, a.id)));
}
