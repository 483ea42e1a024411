import { get, send } from "./client";
import type { Page } from "./types";

export const DELIVERY_STATES = ["waiting", "delivered", "dead", "withheld"] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One thing to tell one subscription, and what became of it. */
export interface Delivery {
  id: number;
  subscription: number;
  kind: "event" | "group" | "notice" | "test";
  /** The first one, where it tells of several; null: a notice, or a test. */
  event: string | null;
  moment: string;
  /** What the receiver knows it by. */
  message_id: string;
  state: DeliveryState;
  /** Why it is dead or withheld, or why the last attempt failed. */
  reason: string;
  made_at: string;
  /** When it is tried next; null: never again. */
  due_at: string | null;
  attempts: number;
  first_try_at: string | null;
  ended_at: string | null;
  replay_of: number | null;
}

export interface Attempt {
  n: number;
  at: string;
  took_ms: number;
  /** Null: no answer came. */
  status: number | null;
  error: string;
  /** How the receiver's answer began: written by a stranger. */
  answer: string;
}

/** A delivery with its events, of which the first hundred are told, and all of its attempts. */
export interface WholeDelivery extends Delivery {
  events: string[];
  tries: Attempt[];
}

export interface DeliveryFilter {
  state: DeliveryState | null;
  from: string | null;
  to: string | null;
}

export const listDeliveries = (
  subscription: number,
  { state, from, to }: DeliveryFilter,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<Delivery>> =>
  get(
    `/subscriptions/${subscription}/deliveries`,
    { state: state ?? undefined, from: from ?? undefined, to: to ?? undefined, cursor: cursor ?? undefined },
    signal,
  );
export const readDelivery = (id: number, signal: AbortSignal | null = null): Promise<WholeDelivery> =>
  get(`/deliveries/${id}`, {}, signal);
export const replayDelivery = (id: number): Promise<Delivery> => send("POST", `/deliveries/${id}:replay`, {});
