import type { Sector } from "./departments";
import { get, ifStill, remove, send } from "./client";
import type { Delivery } from "./deliveries";
import type { Day, Hours } from "./rules";
import type { Named, Page, RuleKind, Severity } from "./types";

export const GROUPINGS = ["event", "camera", "rule", "subscription"] as const;
export type Grouping = (typeof GROUPINGS)[number];
export const MOMENTS = ["started", "ended"] as const;
export type Moment = (typeof MOMENTS)[number];
export const SUBSCRIPTION_STATES = ["active", "paused", "stopped"] as const;
export type SubscriptionState = (typeof SUBSCRIPTION_STATES)[number];

/** The conditions of a search, without its times; what is not asked for may be left out. */
export interface Conditions {
  label?: readonly string[];
  kind?: readonly RuleKind[];
  severity?: readonly Severity[];
  department?: readonly number[];
  sector?: readonly Sector[];
  camera?: readonly number[];
  zone?: readonly number[];
  line?: readonly number[];
  day?: readonly Day[];
  time_from?: string | null;
  time_to?: string | null;
  region?: string | null;
  q?: string | null;
  bbox?: string | null;
  near?: string | null;
  polygon?: string | null;
  min_score?: number | null;
  min_duration_s?: number | null;
  max_duration_s?: number | null;
}

/** What a subscription is for, as it is made and changed. */
export interface SubscriptionTerms {
  name: string;
  url: string;
  filter: Conditions;
  min_severity: Severity;
  hours: Hours[];
  moments: Moment[];
  grouping: Grouping;
  cool_down_s: number;
  with_picture: boolean;
  /** Whether it is told of the system's own troubles, too. */
  notices: boolean;
}

export interface Count {
  count: number;
  /** Whether there may be more. */
  at_least: boolean;
}

export interface Health {
  waiting: Count;
  /** Given up in the last 24 hours. */
  dead: Count;
  last_success_at: string | null;
  /** Null: its receiver is sent to. */
  circuit: { open_until: string; reason: string } | null;
  per_minute: number;
}

/** Who is told of which events, and where. */
export interface Subscription extends Omit<SubscriptionTerms, "url"> {
  id: number;
  department: Named;
  /** Scheme, host and port. */
  target: string;
  /** Null for those who do not look after it. */
  url: string | null;
  state: SubscriptionState;
  state_reason: string;
  made_by: string;
  made_at: string;
  changed_at: string;
  health: Health;
  may_change: boolean;
  revision: number;
}

export interface SubscriptionFilter {
  department: number | null;
  state: SubscriptionState | null;
}

export const listSubscriptions = (
  { department, state }: SubscriptionFilter,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<Subscription>> =>
  get(
    "/subscriptions",
    { department: department ?? undefined, state: state ?? undefined, cursor: cursor ?? undefined },
    signal,
  );
export const readSubscription = (id: number, signal: AbortSignal | null = null): Promise<Subscription> =>
  get(`/subscriptions/${id}`, {}, signal);
/** The answer's `text` is the secret, which nobody can show again. */
export const makeSubscription = (
  terms: SubscriptionTerms & { department: number | null },
): Promise<{ subscription: Subscription; text: string }> => send("POST", "/subscriptions", terms);
export const changeSubscription = (
  { id, revision }: Subscription,
  terms: Partial<SubscriptionTerms>,
): Promise<Subscription> => send("PATCH", `/subscriptions/${id}`, terms, null, ifStill(revision));
export const removeSubscription = ({ id, revision }: Subscription): Promise<void> =>
  remove(`/subscriptions/${id}`, ifStill(revision));

export const pauseSubscription = (id: number): Promise<Subscription> => send("POST", `/subscriptions/${id}:pause`, {});
export const resumeSubscription = (id: number): Promise<Subscription> => send("POST", `/subscriptions/${id}:resume`, {});
export const testSubscription = (id: number): Promise<Delivery> => send("POST", `/subscriptions/${id}:test`, {});

export interface Rotated {
  text: string;
  /** Null: the new secret signs alone. */
  others_sign_until: string | null;
}

export const rotateSecret = (id: number, overlapS: number): Promise<Rotated> =>
  send("POST", `/subscriptions/${id}:rotate-secret`, { overlap_s: overlapS });

export interface Replayed {
  replayed: number;
  more: boolean;
  next_from: string | null;
}

export const replaySpan = (id: number, from: string, to: string): Promise<Replayed> =>
  send("POST", `/subscriptions/${id}:replay`, { from, to });
