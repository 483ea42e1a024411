import { get, request, type Query } from "./client";
import type { Sector } from "./departments";
import type { Day } from "./rules";
import type { EventRecord, Named, Page, RuleKind, Severity } from "./types";

export type Order = "newest" | "oldest";

/** What events are asked for: the list, the counts, the exports and the live stream take the same. */
export interface EventQuery {
  labels: readonly string[];
  kinds: readonly RuleKind[];
  severities: readonly Severity[];
  departments: readonly number[];
  sectors: readonly Sector[];
  cameras: readonly number[];
  zones: readonly number[];
  lines: readonly number[];
  /** Instants in RFC 3339: started at or after, started before. */
  from: string | null;
  to: string | null;
  /** Also what had started before `from` and was still going on then. */
  overlap: boolean;
  days: readonly Day[];
  /** HH:MM by the city's clocks, both or neither; an end that is not after the beginning lies on the next day. */
  timeFrom: string | null;
  timeTo: string | null;
  /** A region's code: cameras there, or in any region below it. */
  region: string | null;
  /** Words on cameras. */
  text: string;
  /** West, south, east, north in degrees. */
  bbox: string | null;
  /** Longitude, latitude, radius in metres. */
  near: string | null;
  /** Corners, each longitude and latitude, with semicolons between. */
  polygon: string | null;
  minScore: number | null;
  minDurationS: number | null;
  maxDurationS: number | null;
}

/** The query as the server takes it. */
export function queryOf(asked: EventQuery): Query {
  return {
    label: asked.labels,
    kind: asked.kinds,
    severity: asked.severities,
    department: asked.departments,
    sector: asked.sectors,
    camera: asked.cameras,
    zone: asked.zones,
    line: asked.lines,
    from: asked.from ?? undefined,
    to: asked.to ?? undefined,
    overlap: asked.overlap || undefined,
    day: asked.days,
    time_from: asked.timeFrom ?? undefined,
    time_to: asked.timeTo ?? undefined,
    region: asked.region ?? undefined,
    q: asked.text || undefined,
    bbox: asked.bbox ?? undefined,
    near: asked.near ?? undefined,
    polygon: asked.polygon ?? undefined,
    min_score: asked.minScore ?? undefined,
    min_duration_s: asked.minDurationS ?? undefined,
    max_duration_s: asked.maxDurationS ?? undefined,
  };
}

/** A page of events. `searched_to` is set where the search was cut short: up to this moment all was looked at. */
export interface Found extends Page<EventRecord> {
  searched_to: string | null;
}

export const searchEvents = (
  query: EventQuery,
  order: Order,
  limit: number,
  cursor: string | null,
  signal: AbortSignal | null = null,
): Promise<Found> => get("/events", { ...queryOf(query), order, limit, cursor: cursor ?? undefined }, signal);

export const readEvent = (id: string, signal: AbortSignal | null = null): Promise<EventRecord> =>
  get(`/events/${encodeURIComponent(id)}`, {}, signal);

/** A camera whose stream was lost together with others that hang on the same uplink. */
export interface Member {
  camera: Named;
  lost_at: string;
  /** When pictures came again for good; null: they do not. */
  ended_at: string | null;
}

export const listMembers = (id: string, signal: AbortSignal): Promise<Page<Member>> =>
  get(`/events/${encodeURIComponent(id)}/members`, {}, signal);

export type ClipAnswer = { ready: true } | { ready: false; progress: number | null; againMs: number };

/** Ask for a clip without loading it; the first question makes the server begin to mask it. */
export async function askForClip(url: string, signal: AbortSignal): Promise<ClipAnswer> {
  const response = await request(url, { signal, headers: { Range: "bytes=0-0" }, cache: "no-store" });
  if (response.status !== 202) {
    await response.body?.cancel();
    return { ready: true };
  }
  const { progress } = (await response.json()) as { progress?: number };
  const seconds = Number(response.headers.get("Retry-After") ?? "1");
  return { ready: false, progress: progress ?? null, againMs: Math.min(Math.max(seconds || 1, 0.3), 10) * 1000 };
}
