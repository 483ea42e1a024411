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
import { may } from "../../state/session";
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
  own_see_originals: false,
  second_person: false,
};
const NONE: ReadonlySet<number> = new Set();
const OWN = ["name", "kind", "parent", "contact", "gb_industry", "own_see_originals", "second_person"];

const fieldsOf = (department: Department): DepartmentFields => ({
  name: department.name,
  kind: department.kind,
  parent: department.parent?.id ?? null,
  contact: department.contact,
  gb_industry: department.gb_industry,
  own_see_originals: department.own_see_originals,
  second_person: department.second_person,
});

interface SwitchProps {
  field: "own_see_originals" | "second_person";
  words: string;
  hint: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}

function Switch({ field, words, hint, isOn, onChange }: SwitchProps): JSX.Element {
  return (
    <label class="tick">
      <input type="checkbox" name={field} checked={isOn} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>
        {words} <small>{hint}</small>
        <FaultOf field={field} />
      </span>
    </label>
  );
}

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
  // A department's own admin changes how it is reached, and what becomes of its originals.
  const isCity = may.value.city;
  // None of those below it can stand above it.
  const closed = department === null ? NONE : within(department.id, departments.value ?? []);
  const submit = (event: Event) => {
    event.preventDefault();
    void act(async () => {
      const wanted = { ...fields, name: fields.name.trim(), contact: fields.contact.trim() };
      if (department === null) {
        // What becomes of its originals is said once it is there.
        const { own_see_originals: _own, second_person: _second, ...fresh } = wanted;
        await addDepartment(fresh);
      } else {
        await changeDepartment(department, wanted);
      }
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
        disabled={!isCity}
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
              disabled={!isCity}
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
              disabled={!isCity}
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
              disabled={!isCity}
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
          {department !== null && (
            <>
              <Switch
                field="own_see_originals"
                words={texts.ownSeeOriginals}
                hint={texts.ownSeeOriginalsHint}
                isOn={fields.own_see_originals}
                onChange={(isOn) => alter({ own_see_originals: isOn })}
              />
              <Switch
                field="second_person"
                words={texts.secondPerson}
                hint={texts.secondPersonHint}
                isOn={fields.second_person}
                onChange={(isOn) => alter({ second_person: isOn })}
              />
            </>
          )}
          {!isCity && <small>{texts.ownToChange}</small>}
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
