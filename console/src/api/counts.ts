import { get } from "./client";
import { queryOf, type EventQuery } from "./events";
import type { RuleKind, Severity } from "./types";

/** How many events there are of each value, the most frequent first. With `at_least` there may be more of each. */
export interface Facet<V> {
  counts: { value: V; count: number }[];
  at_least: boolean;
}

export interface NamedFacet {
  counts: { value: number; name: string; count: number }[];
  at_least: boolean;
}

/** How many events the query finds. Each facet is counted without its own condition; null: it is not known. */
export interface Facets {
  total: { count: number; at_least: boolean };
  /** Only events from this moment on were counted; null: all. */
  counted_to: string | null;
  labels: Facet<string> | null;
  kinds: Facet<RuleKind> | null;
  severities: Facet<Severity> | null;
  departments: NamedFacet | null;
  cameras: NamedFacet | null;
}

export interface Bucket {
  start: string;
  end: string;
  count: number;
}

/** How many events there were when. Days, weeks and months are those of the city's time zone. */
export interface Histogram {
  bucket: "minute" | "five_minutes" | "hour" | "day" | "week" | "month";
  time_zone: string;
  from: string;
  to: string;
  at_least: boolean;
  counted_to: string | null;
  buckets: Bucket[];
}

export const readFacets = (query: EventQuery, signal: AbortSignal): Promise<Facets> =>
  get("/events/facets", queryOf(query), signal);

export const readHistogram = (query: EventQuery, signal: AbortSignal): Promise<Histogram> =>
  get("/events/histogram", { ...queryOf(query), bucket: "auto" }, signal);
