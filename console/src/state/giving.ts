import type { Department } from "../api/departments";
import { ROLES, type Role, type Session } from "../api/session";

/** Departments with all below them: what an admin of `top` looks after. */
export function within(top: number, all: readonly Department[]): ReadonlySet<number> {
  const found = new Set([top]);
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { id, parent } of all) if (parent && found.has(parent.id)) found.add(id);
  }
  return found;
}

/** The roles that `session` may give to somebody. */
export const rolesOf = ({ role }: Session): readonly Role[] =>
  role === "city_admin" ? ROLES : ROLES.filter((one) => one !== "city_admin");

/** Where somebody of that role may belong: some department, none (the whole city), or either. */
export const mayBeOfCity = (session: Session, role: Role): boolean =>
  session.role === "city_admin" && role !== "department_admin";
export const mustBeOfCity = (role: Role): boolean => role === "city_admin";

/** The departments whose people and keys `session` looks after. */
export function departmentsOf(session: Session, all: readonly Department[]): readonly Department[] {
  if (session.department === null) return all;
  const own = within(session.department.id, all);
  return all.filter(({ id }) => own.has(id));
}
