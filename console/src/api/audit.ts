import { address, get, type Query } from "./client";
import type { Role } from "./session";
import type { Named, Page } from "./types";

/** One act on record; names and roles are those of then. */
export interface AuditRow {
  id: number;
  at: string;
  act: string;
  outcome: "done" | "refused";
  actor: {
    /** unknown: somebody who was not let in. */
    kind: "person" | "key" | "program" | "unknown";
    id: number | null;
    name: string;
    role: Role | null;
    department: Named | null;
  };
  address: string;
  object_kind: string;
  object: string;
  camera: Named | null;
  departments: Named[];
  purpose: string;
  detail: Record<string, unknown>;
  sealed: boolean;
}

export interface AuditFilter {
  from: string | null;
  to: string | null;
  act: string | null;
  outcome: string | null;
  person: number | null;
  key: number | null;
  department: number | null;
  camera: number | null;
  object_kind: string | null;
  object: string | null;
}

function queryOf(filter: AuditFilter): Query {
  return Object.fromEntries(Object.entries(filter).map(([key, value]) => [key, value ?? undefined]));
}

export const listAudit = (filter: AuditFilter, cursor: string | null, signal: AbortSignal): Promise<Page<AuditRow>> =>
  get("/audit", { ...queryOf(filter), cursor: cursor ?? undefined }, signal);
export const auditCsv = (filter: AuditFilter): string => address("/audit.csv", queryOf(filter));

/** How far the record is sealed. */
export interface AuditStatus {
  rows: number;
  sealed: number;
  unsealed: number;
  oldest_unsealed_at: string | null;
  checkpoint: { place: number; hash: string; at: string } | null;
  pruned_to: number | null;
}

export const readAuditStatus = (signal: AbortSignal): Promise<AuditStatus> => get("/audit/status", {}, signal);
