import type { JSX } from "preact";
import { departments } from "../../state/names";

interface DepartmentSelectProps {
  name: string;
  value: string;
  /** What stands for none. */
  empty: string;
  label: string;
  only?: ReadonlySet<number> | null;
  onChange: (value: string) => void;
}

/** One of the departments, or none. */
export function DepartmentSelect({ name, value, empty, label, only, onChange }: DepartmentSelectProps): JSX.Element {
  return (
    <select name={name} aria-label={label} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      <option value="">{empty}</option>
      {departments.value
        ?.filter(({ id }) => only == null || only.has(id))
        .map(({ id, name: words }) => (
          <option key={id} value={id}>
            {words}
          </option>
        ))}
    </select>
  );
}
