import { get, remove, send } from "./client";
import type { Course, Direction, Page, RuleKind, Severity } from "./types";

export const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
export type Day = (typeof DAYS)[number];

/** Hours of some days; where `end` is not after `begin`, they end on the following day. */
export interface Hours {
  days: Day[];
  begin: string;
  end: string;
  time_zone: string;
}

/** What a rule says; which of the fields a kind takes stands in `state/kinds.ts`. */
export interface Terms {
  name: string;
  kind: RuleKind;
  labels: string[];
  zone: number | null;
  line: number | null;
  direction: Direction | null;
  min_duration_s: number;
  min_score: number;
  min_size: number;
  min_path: number;
  min_speed: number | null;
  min_count: number | null;
  hours: Hours[];
  cool_down_s: number;
  once_per_track: boolean;
  severity: Severity;
  enabled: boolean;
}

/** A rule of a camera, or of a department: then `camera` is null. */
export interface Rule extends Terms {
  id: number;
  camera: number | null;
  department: number | null;
}

export type Unfulfilled =
  | "label"
  | "place"
  | "direction"
  | "size"
  | "score"
  | "path"
  | "speed"
  | "duration"
  | "hours"
  | "cool_down"
  | "once";

/** What became of the tracks that a rule saw: each counts once, when it is over. */
export interface Account {
  tracks: number;
  with_event: number;
  unfulfilled: Partial<Record<Unfulfilled, number>>;
}

export interface LiveAccount extends Account {
  since: string;
  cameras: number;
}

/** How many objects of a label crossed one way, from `at` on for one step. */
export interface FlowItem {
  at: string;
  direction: Direction;
  label: string;
  count: number;
}

/** An event that a rule would have made. */
export interface TrialEvent {
  label: string;
  score: number | null;
  direction: Direction | null;
  count: number | null;
  course: Course | null;
  started_at: string;
  last_seen_at: string;
  ended_at: string | null;
}

export interface Trial {
  from: string;
  to: string;
  looks: number;
  events: TrialEvent[];
  account: Account;
  flow: FlowItem[];
  hint: string | null;
}

export const listRules = (camera: number, signal: AbortSignal): Promise<Page<Rule>> =>
  get(`/cameras/${camera}/rules`, {}, signal);
export const addRule = (camera: number, terms: Terms): Promise<Rule> => send("POST", `/cameras/${camera}/rules`, terms);
export const changeRule = (id: number, terms: Partial<Terms>): Promise<Rule> => send("PATCH", `/rules/${id}`, terms);
export const removeRule = (id: number): Promise<void> => remove(`/rules/${id}`);

export const tryRule = (camera: number, rule: Terms, lastS: number, signal: AbortSignal): Promise<Trial> =>
  send("POST", "/rules:try", { camera, rule, last_s: lastS }, signal);
export const readAccount = (rule: number, camera: number, signal: AbortSignal): Promise<LiveAccount> =>
  get(`/rules/${rule}/account`, { camera }, signal);
/** Counts by the hour from `from` (an instant) on. */
export const readFlow = (rule: number, from: string, signal: AbortSignal): Promise<Page<FlowItem>> =>
  get(`/rules/${rule}/flow`, { from, step: "hour" }, signal);
