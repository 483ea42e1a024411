import type { JSX } from "preact";
import type { Role, Session } from "../../api/session";
import { text, word } from "../../i18n";
import { departmentsOf, mayBeOfCity, mustBeOfCity, rolesOf } from "../../state/giving";
import { departments } from "../../state/names";
import { FaultOf } from "../fault";

interface RoleFieldsProps {
  /** Who gives them: what they may give is what can be chosen. */
  giver: Session;
  role: Role;
  /** A department's number; "": the whole city. */
  department: string;
  isClosed?: boolean;
  onChange: (chosen: { role: Role; department: string }) => void;
}

/** Where somebody of `role` belongs whom `giver` looks after: as chosen, or else where such a one can be. */
export function fitting(giver: Session, role: Role, department: string): string {
  if (mustBeOfCity(role)) return "";
  const all = departmentsOf(giver, departments.value ?? []).map(({ id }) => String(id));
  if (all.includes(department) || (department === "" && mayBeOfCity(giver, role))) return department;
  return giver.department === null ? (all[0] ?? "") : String(giver.department.id);
}

/** What somebody does here, and where. */
export function RoleFields({ giver, role, department, isClosed, onChange }: RoleFieldsProps): JSX.Element {
  const texts = text.value.people;
  const all = departmentsOf(giver, departments.value ?? []);
  return (
    <>
      <label class="field">
        <span>{texts.role}</span>
        <select
          name="role"
          value={role}
          disabled={isClosed}
          onChange={(event) => {
            const chosen = event.currentTarget.value as Role;
            onChange({ role: chosen, department: fitting(giver, chosen, department) });
          }}
        >
          {rolesOf(giver).map((one) => (
            <option key={one} value={one}>
              {word("roles", one)}
            </option>
          ))}
        </select>
        <small>{texts.roleHints[role]}</small>
        <FaultOf field="role" />
      </label>
      <label class="field">
        <span>{texts.department}</span>
        <select
          name="department"
          value={department}
          disabled={isClosed || mustBeOfCity(role)}
          onChange={(event) => onChange({ role, department: event.currentTarget.value })}
        >
          {(mayBeOfCity(giver, role) || department === "") && <option value="">{texts.ofCity}</option>}
          {all.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
        <FaultOf field="department" />
      </label>
    </>
  );
}
