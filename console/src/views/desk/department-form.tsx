import type { JSX } from "preact";
import { useState } from "preact/hooks";
import {
  addDepartment,
  changeDepartment,
  SECTORS,
  type Department,
  type DepartmentFields,
  type Sector,
} from "../../api/departments";
import { text, word } from "../../i18n";
import { within } from "../../state/giving";
import { departments, refreshDepartments } from "../../state/names";
import { useAct } from "../act";
import { Dialog } from "../dialog";
import { areBeside, FaultOf, FaultsOfForm, faultsOf } from "../fault";
import { ProblemNote } from "../problem-note";

const NEW: DepartmentFields = {
  name: "",
  kind: "other",
  parent: null,
  contact: "",
  gb_industry: { "2016": null, "2022": null },
};
const NONE: ReadonlySet<number> = new Set();
const OWN = ["name", "kind", "parent", "contact", "gb_industry"];

const fieldsOf = ({ name, kind, parent, contact, gb_industry }: Department): DepartmentFields => ({
  name,
  kind,
  parent: parent?.id ?? null,
  contact,
  gb_industry,
});

interface DepartmentFormProps {
  /** The department that is changed; null: a new one. */
  department: Department | null;
  onClose: () => void;
}

export function DepartmentForm({ department, onClose }: DepartmentFormProps): JSX.Element {
  const texts = text.value.owners;
  const [fields, setFields] = useState(department === null ? NEW : fieldsOf(department));
  const { isBusy, problem, act } = useAct();
  const faults = faultsOf(problem);
  const alter = (change: Partial<DepartmentFields>) => setFields({ ...fields, ...change });
  // None of those below it can stand above it.
  const closed = department === null ? NONE : within(department.id, departments.value ?? []);
  const submit = (event: Event) => {
    event.preventDefault();
    void act(async () => {
      const wanted = { ...fields, name: fields.name.trim(), contact: fields.contact.trim() };
      await (department === null ? addDepartment(wanted) : changeDepartment(department, wanted));
      onClose();
      await refreshDepartments();
    });
  };
  const industry = (edition: "2016" | "2022", label: string) => (
    <label class="field">
      <span>{label}</span>
      <input
        name={`industry_${edition}`}
        value={fields.gb_industry[edition] ?? ""}
        pattern="\d{2}"
        maxLength={2}
        inputMode="numeric"
        autocomplete="off"
        onInput={(event) =>
          alter({ gb_industry: { ...fields.gb_industry, [edition]: event.currentTarget.value.trim() || null } })
        }
      />
      <small>{texts.industryHint}</small>
    </label>
  );
  return (
    <Dialog title={department === null ? texts.addDepartment : texts.changeDepartment(department.name)} onClose={onClose}>
      <form onSubmit={submit}>
        <FaultsOfForm faults={faults}>
          <label class="field">
            <span>{texts.name}</span>
            <input
              name="name"
              value={fields.name}
              required
              maxLength={128}
              autocomplete="off"
              autofocus
              onInput={(event) => alter({ name: event.currentTarget.value })}
            />
            <FaultOf field="name" />
          </label>
          <label class="field">
            <span>{texts.kind}</span>
            <select
              name="kind"
              value={fields.kind}
              onChange={(event) => alter({ kind: event.currentTarget.value as Sector })}
            >
              {SECTORS.map((one) => (
                <option key={one} value={one}>
                  {word("sectors", one)}
                </option>
              ))}
            </select>
          </label>
          <label class="field">
            <span>{texts.parent}</span>
            <select
              name="parent"
              value={fields.parent ?? ""}
              onChange={(event) => alter({ parent: Number(event.currentTarget.value) || null })}
            >
              <option value="">{texts.noParent}</option>
              {departments.value
                ?.filter(({ id }) => !closed.has(id))
                .map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
            </select>
            <FaultOf field="parent" />
          </label>
          <label class="field">
            <span>{texts.contact}</span>
            <input
              name="contact"
              value={fields.contact}
              maxLength={256}
              autocomplete="off"
              onInput={(event) => alter({ contact: event.currentTarget.value })}
            />
            <FaultOf field="contact" />
          </label>
          <div class="pair">
            {industry("2022", texts.industry2022)}
            {industry("2016", texts.industry2016)}
          </div>
          <FaultOf field="gb_industry" />
        </FaultsOfForm>
        {problem && !areBeside(faults, OWN) && <ProblemNote problem={problem} />}
        <div class="buttons">
          <button type="button" class="quiet" onClick={onClose}>
            {text.value.cancel}
          </button>
          <button type="submit" class="main" disabled={isBusy}>
            {isBusy ? text.value.busy : texts.save}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
