import type { Grant, GrantWish, Right, SubjectKind } from "../api/grants";
import { RIGHTS } from "../api/grants";
import type { Role, Session } from "../api/session";

/** What each right brings along, as the server closes them. */
export const INCLUDED: Readonly<Record<Right, readonly Right[]>> = {
  list: [],
  events: ["list"],
  media: ["events", "list"],
  live: ["list"],
  unmasked: ["media", "events", "list"],
  export: ["events", "list"],
  manage: ["list"],
};

/** Tick a right with all that it brings along; or untick it with all that it came along with. */
export function toggled(rights: readonly Right[], right: Right): readonly Right[] {
  const wanted = new Set(rights);
  if (wanted.has(right)) {
    for (const one of RIGHTS) if (one === right || INCLUDED[one].includes(right)) wanted.delete(one);
  } else {
    for (const one of [right, ...INCLUDED[right]]) wanted.add(one);
  }
  return RIGHTS.filter((one) => wanted.has(one));
}

export interface GrantDraft {
  kind: SubjectKind;
  department: string;
  sector: string;
  region: string;
  camera: string;
  /** Who grants what lies in a sector or a region; "": the city. */
  owner: string;
  to: "department" | "person";
  toDepartment: string;
  /** "": all of the department. */
  role: Role | "";
  person: string;
  rights: readonly Right[];
  from: string | null;
  until: string | null;
  history: boolean;
  purpose: string;
}

/** A new draft: of what the link names, for one's own department where one may ask for it, else for oneself. */
export function newDraft(session: Session, query: URLSearchParams): GrantDraft {
  const asked = RIGHTS.find((one) => one === query.get("right"));
  const isForDepartment = session.department !== null && session.role !== "viewer";
  return {
    kind: query.has("camera") ? "camera" : "department",
    department: query.get("department") ?? "",
    sector: "",
    region: "",
    camera: query.get("camera") ?? "",
    owner: "",
    to: isForDepartment ? "department" : "person",
    toDepartment: String(session.department?.id ?? ""),
    role: "",
    person: String(session.person?.id ?? ""),
    rights: toggled([], asked ?? "media"),
    from: null,
    until: null,
    history: false,
    purpose: "",
  };
}

/** The draft as the server wants it. */
export function wishOf(draft: GrantDraft): GrantWish {
  const on = {
    department: () => ({ department: Number(draft.department) }),
    sector: () => ({ sector: draft.sector }),
    region: () => ({ region: draft.region }),
    camera: () => ({ camera: Number(draft.camera) }),
  }[draft.kind]();
  const isWide = draft.kind === "sector" || draft.kind === "region";
  const ofDepartment = { department: Number(draft.toDepartment), ...(draft.role === "" ? {} : { role: draft.role }) };
  return {
    owner: isWide ? Number(draft.owner) || null : null,
    on,
    to: draft.to === "person" ? { person: Number(draft.person) } : ofDepartment,
    rights: draft.rights,
    from: draft.from,
    until: draft.until,
    history: draft.history,
    purpose: draft.purpose.trim(),
  };
}

/** Whether what the draft is on, and to whom, is chosen. */
export const isChosen = (draft: GrantDraft): boolean =>
  draft[draft.kind] !== "" && (draft.to === "person" ? draft.person : draft.toDepartment) !== "";

/** Moments at which a grant usually ends, from now on, by the clock here. */
export const ENDS = ["today", "friday", "week", "month"] as const;
export type End = (typeof ENDS)[number];

export function endOf(end: End, now: number): string {
  const at = new Date(now);
  switch (end) {
    case "today":
      at.setHours(23, 59, 0, 0);
      break;
    case "friday": {
      const isOver = at.getDay() === 5 && at.getHours() >= 18;
      at.setDate(at.getDate() + (isOver ? 7 : (5 - at.getDay() + 7) % 7));
      at.setHours(18, 0, 0, 0);
      break;
    }
    case "week":
      at.setDate(at.getDate() + 7);
      break;
    case "month":
      at.setMonth(at.getMonth() + 1);
  }
  at.setSeconds(0, 0);
  return at.toISOString();
}

export const TABS = ["waiting", "given", "received", "over"] as const;
export type Tab = (typeof TABS)[number];

/** Whether a grant belongs to a list; `own` are the departments that one belongs to or looks after, null: all. */
export function isIn(tab: Tab, grant: Grant, own: ReadonlySet<number> | null, self: number | null): boolean {
  const isGiven = own === null || (grant.owner !== null && own.has(grant.owner.id));
  switch (tab) {
    case "waiting":
      return grant.state === "requested";
    case "given":
      return grant.state === "approved" && isGiven;
    case "received": {
      const department = grant.to.department?.id;
      const isOurs = own !== null && department !== undefined && own.has(department);
      return grant.state === "approved" && (grant.to.person?.id === self || isOurs || !isGiven);
    }
    case "over":
      return grant.state === "refused" || grant.state === "revoked" || grant.state === "expired";
  }
}
