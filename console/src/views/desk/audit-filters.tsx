import type { JSX } from "preact";
import type { AuditRow } from "../../api/audit";
import { setQuery } from "../../desk";
import { text } from "../../i18n";
import { auditFilter } from "../../state/audit";
import { cameraNames } from "../../state/cameras";
import { Icon } from "../icons";
import { DepartmentSelect } from "./department-select";
import { TimeChip } from "./time-chip";

const OUTCOMES = ["done", "refused"] as const;

interface ChosenProps {
  words: string;
  keys: readonly string[];
}

/** A filter that was set by pressing something in a row: a press takes it away. */
function Chosen({ words, keys }: ChosenProps): JSX.Element {
  return (
    <button
      type="button"
      class="chip set"
      aria-label={text.value.removeFilter(words)}
      onClick={() => setQuery(Object.fromEntries(keys.map((key) => [key, null])))}
    >
      <span class="label">{words}</span>
      <Icon name="close" />
    </button>
  );
}

/** What of the record is shown. `rows` are those that are there: names for what is chosen by number. */
export function AuditFilters({ rows }: { rows: readonly AuditRow[] }): JSX.Element {
  const texts = text.value.audit;
  const { from, to, act, outcome, person, key, department, camera, object_kind, object } = auditFilter.value;
  const number = person ?? key;
  const kind = person === null ? "key" : "person";
  const actor = rows.find((row) => row.actor.kind === kind && row.actor.id === number)?.actor;
  const cameraName = rows.find((row) => row.camera?.id === camera)?.camera?.name ?? cameraNames.value.get(camera ?? 0);
  return (
    <div class="tools" role="search">
      <TimeChip from={from} to={to} name={texts.time} />
      <select
        class="among"
        aria-label={texts.act}
        value={act ?? ""}
        onChange={(event) => setQuery({ act: event.currentTarget.value || null })}
      >
        <option value="">{texts.anyAct}</option>
        {Object.entries(texts.acts).map(([one, words]) => (
          <option key={one} value={one}>
            {words}
          </option>
        ))}
      </select>
      <select
        class="among"
        aria-label={texts.anyOutcome}
        value={outcome ?? ""}
        onChange={(event) => setQuery({ outcome: event.currentTarget.value || null })}
      >
        <option value="">{texts.anyOutcome}</option>
        {OUTCOMES.map((one) => (
          <option key={one} value={one}>
            {texts.outcomes[one]}
          </option>
        ))}
      </select>
      <span class="among">
        <DepartmentSelect
          name="department"
          label={texts.whose}
          value={department === null ? "" : String(department)}
          empty={texts.anyDepartment}
          onChange={(value) => setQuery({ department: value || null })}
        />
      </span>
      {number !== null && <Chosen words={actor?.name ?? `${texts.objects[kind === "key" ? "api_key" : kind]} ${number}`} keys={["person", "key"]} />}
      {camera !== null && <Chosen words={cameraName ?? `${texts.objects.camera} ${camera}`} keys={["camera"]} />}
      {object_kind !== null && (
        <Chosen words={`${texts.objects[object_kind] ?? object_kind} ${object ?? ""}`} keys={["object_kind", "object"]} />
      )}
    </div>
  );
}
