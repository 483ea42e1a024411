import { get, ifStill, remove, send } from "./client";
import type { Named, Page, RuleKind } from "./types";

/** What is kept for some days each. */
export const MEDIA = ["event", "snapshot", "original", "masked_clip", "track"] as const;
export type Medium = (typeof MEDIA)[number];

/** For how long something is kept: of a department with all below it, or of the city. */
export interface KeepingRule {
  id: number;
  medium: Medium;
  department: Named | null;
  /** Null: all kinds of events. */
  kind: RuleKind | null;
  /** Null: for ever. */
  days: number | null;
  revision: number;
  changed_at: string;
}

/** How long something is kept in the end. */
export interface Term {
  medium: Medium;
  kind: RuleKind | null;
  days: number | null;
  /** The rule that says so; null: the settings do. */
  rule: number | null;
  limited_by: Medium | null;
}

export interface Terms {
  department: Named | null;
  terms: Term[];
  /** The longest time that a department's own admin may set. */
  longest_days: number;
}

export interface Usage {
  department: Named;
  media: { medium: Medium; count: number; bytes: number; held_bytes: number }[];
  bytes: number | null;
  held_bytes: number | null;
  quota_bytes: number | null;
  is_own_quota: boolean;
  counted_at: string | null;
}

export interface Amount {
  count: number;
  bytes: number;
}

export interface ForecastLine {
  department: Named;
  medium: Medium;
  kind: RuleKind | null;
  goes: Amount;
  oldest: string | null;
  newest: string | null;
  held: Amount;
}

/** What would go now. */
export interface Forecast {
  at: string;
  lines: ForecastLine[];
  goes: Amount;
  held: Amount;
  is_whole: boolean;
}

export interface RuleToPut {
  medium: Medium;
  department: number | null;
  kind: RuleKind | null;
  days: number | null;
}

const of = (department: number | null) => ({ department: department ?? undefined });

export const listKeepingRules = (signal: AbortSignal): Promise<Page<KeepingRule>> => get("/retention-rules", {}, signal);
export const readTerms = (department: number | null, signal: AbortSignal): Promise<Terms> =>
  get("/retention", of(department), signal);
export const putKeepingRule = (rule: RuleToPut, revision: number | null): Promise<KeepingRule> =>
  send("PUT", "/retention-rules", rule, null, ifStill(revision));
export const removeKeepingRule = ({ id, revision }: KeepingRule): Promise<void> =>
  remove(`/retention-rules/${id}`, ifStill(revision));
export const listUsage = (signal: AbortSignal): Promise<Page<Usage>> => get("/media-usage", {}, signal);
export const putQuota = (department: number, bytes: number): Promise<unknown> =>
  send("PUT", `/departments/${department}/quota`, { bytes });
export const removeQuota = (department: number): Promise<void> => remove(`/departments/${department}/quota`);
export const readForecast = (department: number | null, signal: AbortSignal | null = null): Promise<Forecast> =>
  get("/retention:dry-run", of(department), signal);
