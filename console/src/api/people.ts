import { get, ifStill, remove, send } from "./client";
import type { Role, Visit } from "./session";
import type { Named, Page } from "./types";

/** invited: has not chosen a password yet. */
export const PERSON_STATES = ["invited", "active", "disabled"] as const;
export type PersonState = (typeof PERSON_STATES)[number];

export interface Person {
  id: number;
  login: string;
  name: string;
  role: Role;
  /** Null: of the city as a whole. */
  department: Named | null;
  state: PersonState;
  made_at: string;
  seen_at: string | null;
  revision: number;
}

export interface PersonFields {
  name: string;
  role: Role;
  department: number | null;
}

export type PersonChange = Partial<PersonFields> & { disabled?: boolean };

/** A link to choose a password by, once. */
export interface Link {
  path: string;
  expires_at: string;
}

export interface PersonFilter {
  q: string;
  state: PersonState | null;
  department: number | null;
}

export const listPeople = (
  { q, state, department }: PersonFilter,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<Person>> =>
  get(
    "/people",
    {
      q: q || undefined,
      state: state ?? undefined,
      department: department ?? undefined,
      cursor: cursor ?? undefined,
    },
    signal,
  );
export const readPerson = (id: number): Promise<Person> => get(`/people/${id}`);
export const addPerson = (fields: PersonFields & { login: string }): Promise<{ person: Person; invitation: Link }> =>
  send("POST", "/people", fields);
export const changePerson = ({ id, revision }: Person, change: PersonChange): Promise<Person> =>
  send("PATCH", `/people/${id}`, change, null, ifStill(revision));
export const invitePerson = (id: number): Promise<Link> => send("POST", `/people/${id}:invite`, {});
export const listVisitsOf = (id: number, signal: AbortSignal): Promise<Page<Visit>> =>
  get(`/people/${id}/sessions`, {}, signal);
export const endVisitsOf = (id: number): Promise<void> => remove(`/people/${id}/sessions`);
