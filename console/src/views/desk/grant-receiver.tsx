import type { JSX } from "preact";
import { listPeople } from "../../api/people";
import type { Role, Session } from "../../api/session";
import { text, word } from "../../i18n";
import type { GrantDraft } from "../../state/grant-draft";
import { may } from "../../state/session";
import { useAnswer } from "../answer";
import { FaultOf } from "../fault";
import { ProblemNote } from "../problem-note";
import { DepartmentSelect } from "./department-select";

/** Of a department, auditors receive nothing, and city admins belong to none. */
const RECEIVING: readonly Role[] = ["viewer", "operator", "department_admin"];

interface ReceiverProps {
  session: Session;
  draft: GrantDraft;
  alter: (change: Partial<GrantDraft>) => void;
}

/** Somebody whom one looks after, or oneself. */
function PersonSelect({ session, draft, alter }: ReceiverProps): JSX.Element {
  const texts = text.value.sharing;
  const mayChoose = may.value.people;
  const { answer, problem } = useAnswer(String(mayChoose), async (signal) =>
    mayChoose ? listPeople({ q: "", state: null, department: null }, null, signal) : null,
  );
  const self = session.person;
  const others = answer?.items.filter(({ id, state, role }) => id !== self?.id && state !== "disabled" && role !== "auditor");
  return (
    <>
      {problem && <ProblemNote problem={problem} />}
      <select
        name="person"
        aria-label={texts.person}
        value={draft.person}
        onChange={(event) => alter({ person: event.currentTarget.value })}
      >
        {self && <option value={self.id}>{`${self.name} (${texts.myself})`}</option>}
        {others?.map(({ id, name, department }) => (
          <option key={id} value={id}>
            {department === null ? name : `${name} · ${department.name}`}
          </option>
        ))}
      </select>
    </>
  );
}

/** To whom a grant is to be. Who does not look after departments names the own one, or oneself. */
export function ReceiverFields({ session, draft, alter }: ReceiverProps): JSX.Element {
  const texts = text.value.sharing;
  const own = session.department;
  const only = may.value.grants || own === null ? null : new Set([own.id]);
  const mayNameDepartment = may.value.grants || (own !== null && session.role === "operator");
  return (
    <fieldset class="group fields">
      <legend>{texts.to}</legend>
      {mayNameDepartment && (
        <div class="choice">
          {(["department", "person"] as const).map((to) => (
            <label key={to} class="pick">
              <input type="radio" name="to" value={to} checked={draft.to === to} onChange={() => alter({ to })} />
              <span>{to === "department" ? texts.toDepartment : texts.toPerson}</span>
            </label>
          ))}
        </div>
      )}
      {draft.to === "person" ? (
        <PersonSelect session={session} draft={draft} alter={alter} />
      ) : (
        <div class="pair">
          <label class="field">
            <span>{texts.department}</span>
            <DepartmentSelect
              name="to_department"
              label={texts.department}
              value={draft.toDepartment}
              empty={texts.choose}
              only={only}
              onChange={(toDepartment) => alter({ toDepartment })}
            />
          </label>
          <label class="field">
            <span>{texts.role}</span>
            <select
              name="role"
              value={draft.role}
              onChange={(event) => alter({ role: event.currentTarget.value as Role | "" })}
            >
              <option value="">{texts.anyRole}</option>
              {RECEIVING.map((one) => (
                <option key={one} value={one}>
                  {word("roles", one)}
                </option>
              ))}
            </select>
          </label>
        </div>
      )}
      <FaultOf field="to" />
    </fieldset>
  );
}
