import { get, remove, send } from "./client";
import type { Role } from "./session";
import type { Named, Page } from "./types";

/** A program's key, as it may be shown: its text is said once, when it is made. */
export interface ApiKey {
  id: number;
  /** The first characters of its text. */
  beginning: string;
  name: string;
  role: Role;
  department: Named | null;
  /** Null: by a command on the server itself. */
  made_by: Named | null;
  made_at: string;
  expires_at: string | null;
  seen_at: string | null;
  revoked_at: string | null;
}

export interface KeyFields {
  name: string;
  role: Role;
  department: number | null;
  expires_at: string | null;
}

export interface KeyFilter {
  department: number | null;
  revoked: boolean;
}

export const listKeys = (
  { department, revoked }: KeyFilter,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<ApiKey>> =>
  get("/api-keys", { department: department ?? undefined, revoked, cursor: cursor ?? undefined }, signal);
export const makeKey = (fields: KeyFields): Promise<{ key: ApiKey; text: string }> =>
  send("POST", "/api-keys", fields);
export const revokeKey = (id: number): Promise<void> => remove(`/api-keys/${id}`);
