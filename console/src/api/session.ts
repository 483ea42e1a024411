import { get, remove, send, tell } from "./client";
import type { Named, Page } from "./types";

export const ROLES = ["viewer", "operator", "department_admin", "city_admin", "auditor"] as const;
export type Role = (typeof ROLES)[number];

/** What the page may offer; what may really be done, the server decides each time. */
export interface May {
  /** Look after people and keys. */
  people: boolean;
  grants: boolean;
  /** Read who looked at what. */
  record: boolean;
  /** Change some camera. */
  cameras: boolean;
  /** Change departments and regions, see the workers. */
  city: boolean;
}

/** Who is signed in. */
export interface Session {
  kind: "person" | "key";
  person: { id: number; login: string; name: string } | null;
  key: Named | null;
  role: Role;
  /** Null: of the city as a whole. */
  department: Named | null;
  expires_at: string | null;
  event_facts: "grant" | "sector" | "city";
  may: May;
}

export const readSession = (signal: AbortSignal | null = null): Promise<Session> => get("/session", {}, signal);
export const signIn = (login: string, password: string): Promise<Session> =>
  send("POST", "/session", { login, password });
export const signOut = (): Promise<void> => remove("/session");
export const changePassword = (current: string, fresh: string): Promise<void> =>
  tell("PUT", "/session/password", { current, new: fresh });

/** Where somebody is signed in. */
export interface Visit {
  id: number;
  made_at: string;
  seen_at: string;
  expires_at: string;
  address: string;
  /** What the browser calls itself. */
  agent: string;
  is_this: boolean;
}

export const listVisits = (signal: AbortSignal): Promise<Page<Visit>> => get("/sessions", {}, signal);
export const endVisit = (id: number): Promise<void> => remove(`/sessions/${id}`);

/** What a one-time link is for: to choose a password, or to make the first account of all. */
export interface Invitation {
  is_first: boolean;
  login: string | null;
  name: string | null;
  expires_at: string;
}

export interface Acceptance {
  token: string;
  password: string;
  login?: string;
  name?: string;
}

export const lookAtInvitation = (token: string): Promise<Invitation> => send("POST", "/invitations:look", { token });
export const acceptInvitation = (acceptance: Acceptance): Promise<Session> =>
  send("POST", "/invitations:accept", acceptance);
