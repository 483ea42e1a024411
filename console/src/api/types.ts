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
  /** null: for those who may not manage the camera. */
  url: string | null;
  has_login: boolean;
  pinned_certificate: string | null;
}

/** Across and down, in shares of the picture. */
export type Point = [number, number];

/** How closely a camera is watched while nothing happens. */
export interface Attention {
  sensitivity: "off" | "low" | "normal" | "high";
  /** Polygons where motion is not looked at. */
  ignored: Point[][];
  idle: "auto" | "all";
  idle_look_s: number;
}

/** What the registry knows of a camera; null is what it does not know. */
export interface CameraFacts {
  /** 20 digits by GB/T 28181, and the edition of the standard that they are read by. */
  gb_code: string | null;
  gb_edition: 2016 | 2022 | null;
  /** What its department calls it in its own system. */
  own_id: string | null;
  /** A region's code. */
  region: string | null;
  manufacturer: string | null;
  model: string | null;
  address: string | null;
  /** Degrees, WGS-84: both or neither. */
  longitude: number | null;
  latitude: number | null;
  point_class: 1 | 2 | 3 | 9 | null;
  ptz_type: number | null;
  room_type: number | null;
  /** Degrees clockwise from north. */
  look_direction: number | null;
  field_of_view: number | null;
  installed_on: string | null;
  management_unit: string | null;
  contact: string | null;
  recording_days: number | null;
  resolution: string | null;
  /** What several cameras hang on: a recorder, a switch, a line. */
  uplink: string | null;
  extra: Record<string, unknown>;
}

export interface Camera extends CameraFacts {
  id: number;
  name: string;
  department: Named;
  enabled: boolean;
  revision: number;
  streams: Stream[];
  attention: Attention;
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

export type RuleKind =
  | "object_in_zone"
  | "intrusion"
  | "line_crossed"
  | "wrong_way"
  | "loitering"
  | "crowding"
  | "flow"
  | "fast_motion"
  | "motion"
  | "stream_lost";

/** As seen by somebody who looks from the start of the line to its end. */
export type Direction = "left_to_right" | "right_to_left";

/** How an object moved: places of its foot in shares of the picture, oldest first. */
export interface Course {
  path: { at: string; x: number; y: number }[];
  /** Shares of the picture a second. */
  speed: number;
  /** 0 up, 90 right, 180 down, 270 left; null if it stayed. */
  heading_deg: number | null;
  mean_score: number;
}

export interface EventRecord {
  id: string;
  version: number;
  camera: Named;
  department: Named;
  rule: Named;
  kind: RuleKind;
  alarm: { method: number; type: number };
  label: string;
  severity: Severity;
  zone: Named | null;
  line: Named | null;
  direction: Direction | null;
  /** These three are null where the event is not one object's, or nothing of the kind is known. */
  track: number | null;
  score: number | null;
  box: Box | null;
  /** Of a crowd, how many at most; of a flow, how many in the worst minute. */
  count: number | null;
  course: Course | null;
  started_at: string;
  last_seen_at: string;
  ended_at: string | null;
  end_reason: string | null;
  media: { snapshot: Medium; clip: ClipMedium };
  /** Whether a hold keeps it, whatever its age. */
  held: boolean;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}
