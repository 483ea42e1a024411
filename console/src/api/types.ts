/** What the server's /api/v1 speaks. Instants are RFC 3339 in UTC; event ids are strings, since they pass 2^53. */

export type Severity = 1 | 2 | 3 | 4;

export interface Named {
  id: number;
  name: string;
}

export interface Counters {
  connections: number;
  packets: number;
  bytes: number;
  frames: number;
  broken: number;
  looked_at: number;
  dropped: Record<string, number>;
}

export interface Status {
  camera: number;
  stream: number;
  state: string;
  since: string;
  reason: string;
  codec: string | null;
  width: number | null;
  height: number | null;
  fps: number | null;
  next_try_at: string | null;
  counters: Counters;
  seen_at: string;
}

export interface Stream {
  id: number;
  camera: number;
  role: string;
  url: string;
  has_login: boolean;
  pinned_certificate: string | null;
}

export interface Camera {
  id: number;
  name: string;
  department: Named;
  enabled: boolean;
  streams: Stream[];
  status: Status | null;
}

export interface NewRule {
  name: string;
  labels: string[];
  severity: Severity;
}

export interface NewCamera {
  name: string;
  streams: { url: string }[];
  rules: NewRule[];
}

export interface Overview {
  cameras: number;
  by_state: Record<string, number>;
  worker: { state: string; since: string } | null;
}

export type MediaState = "none" | "pending" | "ready" | "failed";

export interface Medium {
  state: MediaState;
  reason: string | null;
  url: string | null;
}

export interface ClipMedium extends Medium {
  seconds: number | null;
}

/** Left, top, right, bottom in shares of the picture. */
export type Box = [number, number, number, number];

export interface EventRecord {
  id: string;
  version: number;
  camera: Named;
  department: Named;
  rule: Named;
  kind: string;
  alarm: { method: number; type: number };
  label: string;
  severity: Severity;
  zone: Named | null;
  track: number;
  score: number;
  box: Box;
  started_at: string;
  last_seen_at: string;
  ended_at: string | null;
  end_reason: string | null;
  media: { snapshot: Medium; clip: ClipMedium };
}

export interface Page<T> {
  items: T[];
  next: string | null;
}
