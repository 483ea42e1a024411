import { get, request } from "./client";
import type { EventRecord, Named, Page, RuleKind, Severity } from "./types";

export interface EventQuery {
  labels: readonly string[];
  kinds: readonly RuleKind[];
  cameras: readonly number[];
  severities: readonly Severity[];
  /** Instants in RFC 3339: started at or after, started before. */
  from: string | null;
  to: string | null;
  minScore: number | null;
}

export function searchEvents(
  query: EventQuery,
  limit: number,
  cursor: string | null,
  signal: AbortSignal | null = null,
): Promise<Page<EventRecord>> {
  return get(
    "/events",
    {
      label: query.labels,
      kind: query.kinds,
      camera: query.cameras,
      severity: query.severities,
      from: query.from ?? undefined,
      to: query.to ?? undefined,
      min_score: query.minScore ?? undefined,
      limit,
      cursor: cursor ?? undefined,
    },
    signal,
  );
}

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

/** Whether the query finds this event. It must say what the server says, for changes that arrive live. */
export function finds(query: EventQuery, event: EventRecord): boolean {
  const started = Date.parse(event.started_at);
  return (
    (query.labels.length === 0 || query.labels.includes(event.label)) &&
    (query.kinds.length === 0 || query.kinds.includes(event.kind)) &&
    (query.cameras.length === 0 || query.cameras.includes(event.camera.id)) &&
    (query.severities.length === 0 || query.severities.includes(event.severity)) &&
    (query.from === null || started >= Date.parse(query.from)) &&
    (query.to === null || started < Date.parse(query.to)) &&
    (query.minScore === null || (event.score !== null && event.score >= query.minScore))
  );
}

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
