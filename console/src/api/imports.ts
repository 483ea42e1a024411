import { address, get, remove, request } from "./client";
import { messages } from "./sse";
import type { Page } from "./types";

export const VERDICTS = ["created", "changed", "unchanged", "refused"] as const;
export type Verdict = (typeof VERDICTS)[number];

export type ImportState = "waiting" | "running" | "finished" | "cancelled" | "failed" | "interrupted";

/** An import of cameras from a file: what became of its rows so far. */
export interface Import extends Record<Verdict, number> {
  id: number;
  file: string;
  state: ImportState;
  /** A rehearsal: nothing is changed. */
  dry_run: boolean;
  /** How much of the file was read, 0 to 1. */
  share: number;
  /** Rows of the file; null until they are known. */
  total: number | null;
  done: number;
  /** Columns that mean nothing to the server. */
  ignored_columns: string[];
  started_at: string;
  ended_at: string | null;
  fault: string | null;
}

/** Of secrets it is said that they changed, and no more. */
export interface FieldChange {
  field: string;
  old: string | null;
  new: string | null;
}

/** One reason why a row was not taken. `found` is null where it may hold a secret. */
export interface Refusal {
  column: string | null;
  found: string | null;
  expected: string;
  hint: string | null;
}

/** What became of one row. */
export interface RowVerdict {
  row: number;
  verdict: Verdict;
  camera: number | null;
  name: string | null;
  changes: FieldChange[];
  refusals: Refusal[];
}

const KINDS: Record<string, string> = {
  csv: "text/csv",
  txt: "text/csv",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  json: "application/json",
  geojson: "application/json",
  ndjson: "application/x-ndjson",
  jsonl: "application/x-ndjson",
};

export const kindOf = (file: File): string | null => KINDS[file.name.split(".").at(-1)?.toLowerCase() ?? ""] ?? null;

/** Hand in a file; rows that name no department are of `department`, else of the first one. */
export async function startImport(file: File, isRehearsal: boolean, department: number | null): Promise<Import> {
  const query = { dry_run: isRehearsal, file: file.name, department: department ?? undefined };
  const response = await request(address("/cameras:import", query), {
    method: "POST",
    headers: { "Content-Type": kindOf(file) ?? "text/csv" },
    body: file,
  });
  return (await response.json()) as Import;
}

export const listImports = (signal: AbortSignal): Promise<Page<Import>> => get("/imports", {}, signal);
export const readImport = (id: number, signal: AbortSignal): Promise<Import> => get(`/imports/${id}`, {}, signal);
export const cancelImport = (id: number): Promise<void> => remove(`/imports/${id}`);
export const listRows = (
  id: number,
  verdict: Verdict | null,
  cursor: string | null,
  signal: AbortSignal,
  limit = 100,
): Promise<Page<RowVerdict>> =>
  get(`/imports/${id}/rows`, { verdict: verdict ?? undefined, cursor: cursor ?? undefined, limit }, signal);

/** Tells `onState` how the import goes, until it is over or `signal` ends it. Throws what the connection throws. */
export async function followImport(id: number, onState: (state: Import) => void, signal: AbortSignal): Promise<void> {
  const response = await request(address(`/imports/${id}/progress`), {
    headers: { Accept: "text/event-stream" },
    signal,
    cache: "no-store",
  });
  if (response.body === null) return;
  for await (const message of messages(response.body)) {
    if (message !== "sign of life" && message.data !== "") onState(JSON.parse(message.data) as Import);
  }
}
