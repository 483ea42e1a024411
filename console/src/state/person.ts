import type { Person, PersonChange } from "../api/people";
import type { Role } from "../api/session";

export const PERSON_FIELDS = ["name", "role", "department"] as const;
export type PersonField = (typeof PERSON_FIELDS)[number];

/** What stands in the form: text for each field; of the department its number, "" for the whole city. */
export type PersonDraft = Record<PersonField, string>;

export const draftOfPerson = ({ name, role, department }: Person): PersonDraft => ({
  name,
  role,
  department: department === null ? "" : String(department.id),
});

/** The fields of the form as the server wants them. */
export function changeOfPerson(draft: PersonDraft, fields: readonly PersonField[]): PersonChange {
  const change: PersonChange = {};
  if (fields.includes("name")) change.name = draft.name.trim();
  if (fields.includes("role")) change.role = draft.role as Role;
  if (fields.includes("department")) change.department = Number(draft.department) || null;
  return change;
}
