import type { Rule, Terms } from "../api/rules";
import type { RuleKind } from "../api/types";
import { needs, takes, usualDuration } from "./kinds";
import type { Site } from "./site";

/** The fields that not all kinds take. */
type Own =
  | "labels"
  | "zone"
  | "line"
  | "direction"
  | "min_score"
  | "min_size"
  | "min_path"
  | "min_speed"
  | "min_count"
  | "once_per_track";

/** What such a field is where nobody set it. */
const PLAIN: Pick<Terms, Own> = {
  labels: [],
  zone: null,
  line: null,
  direction: null,
  min_score: 0.4,
  min_size: 0,
  min_path: 0,
  min_speed: null,
  min_count: null,
  once_per_track: false,
};

/** How many at once are offered as a crowd, and which speed as a fast one. */
const USUAL_CROWD = 5;
const USUAL_SPEED = 0.3;

type Numbers = "min_duration_s" | "min_score" | "min_size" | "min_path" | "cool_down_s";

/** A rule that is being written: null stands for a field that is empty. */
export interface Draft extends Omit<Terms, "name" | Numbers>, Record<Numbers, number | null> {
  /** null: the name that its other fields suggest. */
  name: string | null;
}

export const NEW_RULE: Draft = {
  ...PLAIN,
  name: null,
  kind: "object_in_zone",
  labels: ["person"],
  min_duration_s: usualDuration("object_in_zone"),
  hours: [],
  cool_down_s: 0,
  severity: 4,
  enabled: true,
};

export function draftOf(rule: Rule): Draft {
  const { id: _id, camera: _camera, department: _department, ...terms } = rule;
  return terms;
}

/** `draft` as a rule of another kind: what was not chosen by hand follows the kind. */
export function withKind(draft: Draft, kind: RuleKind, { zones, lines }: Site): Draft {
  const isUsual = draft.min_duration_s === null || draft.min_duration_s === usualDuration(draft.kind);
  return {
    ...draft,
    kind,
    min_duration_s: isUsual ? usualDuration(kind) : draft.min_duration_s,
    zone: draft.zone ?? (needs(kind, "zone") ? (zones[0]?.id ?? null) : null),
    line: draft.line ?? lines[0]?.id ?? null,
    min_count: kind === "crowding" ? (draft.min_count ?? USUAL_CROWD) : kind === "flow" ? null : draft.min_count,
    min_speed: draft.min_speed ?? USUAL_SPEED,
  };
}

/** What is sent to the server: fields that the kind does not take are plain, and empty ones are as nobody set them. */
export function termsOf(draft: Draft, suggestedName: string): Terms {
  const { kind } = draft;
  const taken = <K extends Own>(field: K): Pick<Terms, Own>[K] =>
    takes(kind, field) ? ((draft[field] ?? PLAIN[field]) as Pick<Terms, Own>[K]) : PLAIN[field];
  return {
    name: (draft.name ?? suggestedName).trim(),
    kind,
    labels: taken("labels"),
    zone: taken("zone"),
    line: taken("line"),
    direction: taken("direction"),
    min_score: taken("min_score"),
    min_size: taken("min_size"),
    min_path: taken("min_path"),
    min_speed: taken("min_speed"),
    min_count: taken("min_count"),
    once_per_track: taken("once_per_track"),
    min_duration_s: draft.min_duration_s ?? usualDuration(kind),
    hours: draft.hours,
    cool_down_s: draft.cool_down_s ?? 0,
    severity: draft.severity,
    enabled: draft.enabled,
  };
}

/** Shares as percents, and back, without the dust of binary fractions. */
export const percentOf = (share: number): number => Number((share * 100).toFixed(4));
export const shareOf = (percent: number): number => Number((percent / 100).toFixed(6));
