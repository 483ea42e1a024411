import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { text } from "../i18n";
import { departments } from "../state/names";
import { useFilter } from "./filtering";

/** Whose cameras are looked at. */
export function DepartmentFilter(): JSX.Element {
  const texts = text.value.catalogue;
  const { at, alter } = useFilter();
  const [q, setQ] = useState("");
  const chosen = at.value.departments;
  const wanted = q.trim().toLowerCase();
  const toggle = (id: number) =>
    alter({ departments: chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id] });
  return (
    <>
      <input
        type="search"
        value={q}
        placeholder={texts.findDepartment}
        aria-label={texts.findDepartment}
        onInput={(event) => setQ(event.currentTarget.value)}
      />
      <fieldset class="checks tall">
        <legend class="unseen">{texts.department}</legend>
        {departments.value
          ?.filter(({ name }) => name.toLowerCase().includes(wanted))
          .map(({ id, name }) => (
            <label key={id}>
              <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} />
              {name}
            </label>
          ))}
      </fieldset>
    </>
  );
}
