import { get, send } from "./client";
import type { Named, Page } from "./types";

/** What must not be removed, whatever its age: one event, or all of a camera or a department in some time. */
export interface Hold {
  id: number;
  name: string;
  reason: string;
  /** Whose hold it is; null: the city's. */
  owner: Named | null;
  event: string | null;
  /** Its name is empty where it is another department's by now. */
  camera: Named | null;
  department: Named | null;
  from: string | null;
  until: string | null;
  made_by: string;
  made_at: string;
  /** Null: it is in force. */
  released: { by: string; at: string; why: string } | null;
  may_release: boolean;
}

export interface TakenHold extends Hold {
  covers: { events: number; media: number; bytes: number; at_least: boolean };
  /** Media that were being removed already: they go. */
  leaving: number;
}

export interface NewHold {
  name: string;
  reason: string;
  event?: string;
  camera?: number;
  department?: number;
  from?: string | null;
  until?: string | null;
}

export const listHolds = (inForce: boolean | null, cursor: string | null, signal: AbortSignal): Promise<Page<Hold>> =>
  get("/holds", { in_force: inForce ?? undefined, cursor: cursor ?? undefined }, signal);
export const takeHold = (wanted: NewHold): Promise<TakenHold> => send("POST", "/holds", wanted);
export const releaseHold = (id: number, why: string): Promise<Hold> => send("POST", `/holds/${id}:release`, { why });
