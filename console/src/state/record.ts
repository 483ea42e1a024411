import type { RecordChange } from "../api/record";
import type { Camera } from "../api/types";
import { changedAmong, differences, joinedDrafts, type Difference } from "./conflict";

/** The fields of a camera's record as a form shows them: in groups, in order. */
export const GROUPS = {
  identity: ["name", "department", "own_id", "gb_code", "gb_edition", "enabled"],
  place: ["region", "address", "longitude", "latitude", "point_class", "room_type", "look_direction", "field_of_view"],
  device: ["manufacturer", "model", "ptz_type", "resolution", "uplink", "installed_on"],
  management: ["management_unit", "contact", "recording_days", "extra"],
} as const;
export type GroupName = keyof typeof GROUPS;
export type FieldName = (typeof GROUPS)[GroupName][number];
export const FIELDS: readonly FieldName[] = Object.values(GROUPS).flat();

/** Numbers of the standard: point class, PTZ type, room type. */
export const CHOICES = {
  gb_edition: [2022, 2016],
  point_class: [1, 2, 3, 9],
  ptz_type: [1, 2, 3, 4, 5, 6, 7],
  room_type: [1, 2],
} as const;
export type ChoiceName = keyof typeof CHOICES;

const NUMBERS: readonly FieldName[] = [
  "department",
  "gb_edition",
  "longitude",
  "latitude",
  "point_class",
  "room_type",
  "look_direction",
  "field_of_view",
  "ptz_type",
  "recording_days",
];

/** What stands in the form: text for each field, "" for what is not known. */
export type Draft = Record<FieldName, string>;

export const NEW_RECORD: Draft = {
  ...(Object.fromEntries(FIELDS.map((field) => [field, ""])) as Draft),
  enabled: "true",
};

export function draftOf(camera: Camera): Draft {
  const textOf = (field: FieldName): string => {
    switch (field) {
      case "department":
        return String(camera.department.id);
      case "extra":
        return Object.keys(camera.extra).length === 0 ? "" : JSON.stringify(camera.extra, null, 1);
      default:
        return String(camera[field] ?? "");
    }
  };
  return Object.fromEntries(FIELDS.map((field) => [field, textOf(field)])) as Draft;
}

export const changedFields = (before: Draft, after: Draft): FieldName[] => changedAmong(FIELDS, before, after);

/** Why `extra` cannot be sent: it must be a JSON object. */
export function isExtraFaulty(draft: Draft): boolean {
  if (draft.extra.trim() === "") return false;
  try {
    const value: unknown = JSON.parse(draft.extra);
    return typeof value !== "object" || value === null || Array.isArray(value);
  } catch {
    return true;
  }
}

/** The fields of the form as the server wants them; what is empty is null. */
export function changeOf(draft: Draft, fields: readonly FieldName[]): RecordChange {
  const change: Record<string, unknown> = {};
  for (const field of fields) {
    const text = draft[field].trim();
    if (field === "enabled") change[field] = text === "true";
    else if (field === "extra") change[field] = text === "" ? {} : JSON.parse(text);
    else if (field === "name") change[field] = text;
    else change[field] = text === "" ? null : NUMBERS.includes(field) ? Number(text) : text;
  }
  return change;
}

/** What somebody else has changed meanwhile, against what is changed here. */
export interface Conflict {
  /** The camera as it was when the form began. */
  before: Camera;
  /** The camera as it is now. */
  theirs: Camera;
  fields: Difference<FieldName>[];
}

export const conflictOf = (before: Camera, theirs: Camera, mine: Draft): Conflict => ({
  before,
  theirs,
  fields: differences(FIELDS, draftOf(before), draftOf(theirs), mine),
});

/** What the form shows after a conflict: their state with what is changed here, as far as it is to be kept. */
export const settled = ({ before, theirs }: Conflict, mine: Draft, keep: "mine" | "theirs"): Draft =>
  joinedDrafts(FIELDS, draftOf(before), draftOf(theirs), mine, keep);
