import type { Sector } from "./departments";
import { get, send } from "./client";
import { once } from "./record";
import type { RegionName } from "./regions";
import type { Role } from "./session";
import type { Named, Page } from "./types";

export const RIGHTS = ["list", "events", "media", "live", "unmasked", "export", "manage"] as const;
export type Right = (typeof RIGHTS)[number];

export const GRANT_STATES = ["requested", "approved", "refused", "revoked", "expired"] as const;
export type GrantState = (typeof GRANT_STATES)[number];

export const SUBJECTS = ["department", "sector", "region", "camera"] as const;
export type SubjectKind = (typeof SUBJECTS)[number];

/** What a grant is on: that one of the four which `kind` names. */
export interface Subject {
  kind: SubjectKind;
  department: Named | null;
  sector: Sector | null;
  region: RegionName | null;
  camera: Named | null;
}

/** A department, a role of it, or a person. */
export interface Receiver {
  department: Named | null;
  role: Role | null;
  person: Named | null;
}

/** Who decided; nobody did where the time is over. */
export interface Decision {
  by: Named | null;
  at: string;
  why: string;
}

/** Rights on cameras for somebody. */
export interface Grant {
  id: number;
  /** Null: the city. */
  owner: Named | null;
  on: Subject;
  to: Receiver;
  rights: Right[];
  from: string;
  until: string | null;
  history: boolean;
  purpose: string;
  state: GrantState;
  asked_by: Named;
  asked_at: string;
  decided: Decision | null;
  ended: Decision | null;
  may: { approve: boolean; refuse: boolean; revoke: boolean };
  revision: number;
}

export interface GrantWish {
  owner: number | null;
  on: { department?: number; sector?: string; region?: string; camera?: number };
  to: { department?: number; role?: Role; person?: number };
  rights: readonly Right[];
  from: string | null;
  until: string | null;
  history: boolean;
  purpose: string;
}

const PAGE = 200;

export const listGrants = (
  state: GrantState | null,
  cursor: string | null,
  signal: AbortSignal | null = null,
): Promise<Page<Grant>> => get("/grants", { state: state ?? undefined, cursor: cursor ?? undefined, limit: PAGE }, signal);
export const readGrant = (id: number, signal: AbortSignal): Promise<Grant> => get(`/grants/${id}`, {}, signal);
export const askForGrant = (wish: GrantWish, key: string): Promise<Grant> =>
  send("POST", "/grants", wish, null, once(key));

export type GrantVerb = "approve" | "refuse" | "revoke";
export const decideOnGrant = (id: number, verb: GrantVerb, why: string): Promise<Grant> =>
  send("POST", `/grants/${id}:${verb}`, { why });

/** What lets somebody see something. */
export interface Way {
  kind: "home" | "facts" | "grant" | "city";
  grant: number | null;
}

/** Who sees a camera: one, or many at once. */
export interface Viewer {
  who: {
    kind: "department" | "role" | "person" | "everybody" | "city";
    department: Named | null;
    role: Role | null;
    person: Named | null;
  };
  rights: Right[];
  through: Way;
  since: string | null;
  until: string | null;
}

/** What somebody sees by one way. */
export interface Sight {
  rights: Right[];
  /** Null: everything. */
  on: Subject | null;
  cameras: number;
  through: Way;
  since: string | null;
  until: string | null;
}

export const listViewers = (camera: number, signal: AbortSignal): Promise<Page<Viewer>> =>
  get(`/cameras/${camera}/viewers`, {}, signal);
export const listSight = (person: number, signal: AbortSignal): Promise<Page<Sight>> =>
  get(`/people/${person}/sight`, {}, signal);
