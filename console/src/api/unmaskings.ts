import { address, get, send } from "./client";
import type { Decision } from "./grants";
import type { Named, Page } from "./types";

/** waiting: a second person is to agree. */
export type UnmaskingState = "waiting" | "open" | "refused" | "over";

/** Somebody's wish to see the original clip of an event, or a camera live. */
export interface Unmasking {
  id: number;
  /** null: it is for what the camera shows live. */
  event: string | null;
  live: boolean;
  camera: Named;
  department: Named;
  person: Named;
  reason: string;
  state: UnmaskingState;
  asked_at: string;
  decided: Decision | null;
  until: string | null;
  may: { approve: boolean };
}

/** One's own wishes, and those that one may decide on. */
export const listUnmaskings = (state: UnmaskingState, signal: AbortSignal | null = null): Promise<Page<Unmasking>> =>
  get("/unmaskings", { state }, signal);
export const askToUnmask = (event: string, reason: string): Promise<Unmasking> =>
  send("POST", `/events/${encodeURIComponent(event)}/unmaskings`, { reason });
export const askToSeeLive = (camera: number, reason: string): Promise<Unmasking> =>
  send("POST", `/cameras/${camera}/unmaskings`, { reason });
export const decideOnUnmasking = (id: number, verb: "approve" | "refuse", why: string): Promise<Unmasking> =>
  send("POST", `/unmaskings/${id}:${verb}`, { why });
export const originalClip = (id: number): string => address(`/unmaskings/${id}/clip`);
