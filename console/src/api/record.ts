import { get, ifStill, remove, send } from "./client";
import type { RegionName } from "./regions";
import type { Camera, CameraFacts, Named, Stream } from "./types";

/** What a change of a camera's record may hold. */
export type RecordChange = Partial<CameraFacts> & { name?: string; department?: number; enabled?: boolean };
export type NewRecord = RecordChange & { name: string; streams: { url: string }[] };

/** The same key with the same body is done once, however often it is asked: what was lost on the way can be repeated. */
export const once = (key: string): Record<string, string> => ({ "Idempotency-Key": key });

export function freshKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const addRecord = (record: NewRecord, key: string): Promise<Camera> =>
  send("POST", "/cameras", record, null, once(key));
export const changeRecord = (id: number, change: RecordChange, revision: number): Promise<Camera> =>
  send("PATCH", `/cameras/${id}`, change, null, ifStill(revision));
export const removeRecord = ({ id, revision }: Camera): Promise<void> => remove(`/cameras/${id}`, ifStill(revision));
export const restoreRecord = (id: number): Promise<Camera> => send("POST", `/cameras/${id}:restore`, {});

export interface StreamFields {
  role: string;
  url: string;
}

export const addStream = (camera: number, fields: StreamFields): Promise<Stream> =>
  send("POST", `/cameras/${camera}/streams`, fields);
export const changeStream = (id: number, fields: Partial<StreamFields>): Promise<Stream> =>
  send("PATCH", `/streams/${id}`, fields);
export const removeStream = (id: number): Promise<void> => remove(`/streams/${id}`);

export type GbPart = "centre" | "industry" | "type" | "network" | "serial";

/** What some digits of a GB/T 28181 code say; places are counted from 1. */
export interface ExplainedPart {
  part: GbPart;
  first: number;
  last: number;
  value: string;
  meaning: string;
}

export interface ExplainedCode {
  code: string;
  edition: number;
  parts: ExplainedPart[];
  /** Why no camera can have it; null: one can. */
  fault: string | null;
  /** The registered region that its first digits name. */
  region: RegionName | null;
  /** Who has it. */
  camera: Named | null;
}

export const explainCode = (code: string, edition: string, signal: AbortSignal): Promise<ExplainedCode> =>
  get("/gb-codes:explain", { code, edition: edition || undefined }, signal);

/** A code that no camera has, and that nobody is given again: the next of the region and the department's industry. */
export const giveOutCode = (wanted: {
  region: string;
  department: number;
  edition?: number;
}): Promise<ExplainedCode> => send("POST", "/gb-codes", wanted);
