import type { Histogram } from "../api/counts";
import { LENGTHS, type EventFilter, type Last } from "../event-filter";

export type Range = Pick<EventFilter, "last" | "from" | "to">;

const ANY: Range = { last: null, from: null, to: null };
/** A range longer than this gives way to no range at all. */
const LONGEST_MS = 2 * 365 * 86_400_000;

const WIDER: Record<Last, Last | null> = {
  hour: "day",
  day: "week",
  week: "month",
  month: null,
  today: "week",
  yesterday: "week",
};

/** The time that some bars of the chart, from the `first` to the `last` one, stand for. */
export function rangeOfBars({ buckets, from, to }: Histogram, first: number, last: number): Range | null {
  const [begin, end] = [buckets[first]?.start, buckets[last]?.end];
  if (begin === undefined || end === undefined) return null;
  // A bar at the edge stands for more than was asked about.
  const within = (instant: string) =>
    new Date(Math.min(Math.max(Date.parse(instant), Date.parse(from)), Date.parse(to))).toISOString();
  return { last: null, from: within(begin), to: within(end) };
}

/** A longer time around the range; null where none is chosen, so that there is none. */
export function widened({ last, from, to }: Range, nowMs: number): Range | null {
  if (last !== null) return { ...ANY, last: WIDER[last] };
  if (from === null && to === null) return null;
  const end = to === null ? nowMs : Date.parse(to);
  const begin = from === null ? end - LENGTHS.month : Date.parse(from);
  const length = Math.max(60_000, end - begin);
  if (2 * length > LONGEST_MS) return ANY;
  const newEnd = Math.min(end + length / 2, Math.max(nowMs, end));
  return { last: null, from: new Date(newEnd - 2 * length).toISOString(), to: new Date(newEnd).toISOString() };
}
