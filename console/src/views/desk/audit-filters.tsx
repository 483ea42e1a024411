import type { JSX } from "preact";
import type { AuditRow } from "../../api/audit";
import { setQuery } from "../../desk";
import { LENGTHS } from "../../event-filter";
import { text } from "../../i18n";
import { fieldOf, instantOf } from "../../local-time";
import { auditFilter } from "../../state/audit";
import { cameraNames } from "../../state/cameras";
import { Icon } from "../icons";
import { Popover } from "../popover";
import { DepartmentSelect } from "./department-select";

const OUTCOMES = ["done", "refused"] as const;

function TimeChip(): JSX.Element {
  const texts = text.value;
  const { from, to } = auditFilter.value;
  const ago = (last: keyof typeof LENGTHS) => new Date(Math.floor((Date.now() - LENGTHS[last]) / 60_000) * 60_000).toISOString();
  const label = from || to ? `${fieldOf(from).replace("T", " ") || "…"} – ${fieldOf(to).replace("T", " ") || "…"}` : texts.audit.time;
  const lasts: [keyof typeof LENGTHS, string][] = [
    ["hour", texts.lastHour],
    ["day", texts.lastDay],
    ["week", texts.lastWeek],
  ];
  return (
    <Popover label={label} isSet={from !== null || to !== null}>
      <div class="choice">
        {lasts.map(([last, words]) => (
          <button key={last} type="button" class="chip" onClick={() => setQuery({ from: ago(last), to: null })}>
            {words}
          </button>
        ))}
        <button type="button" class="chip" onClick={() => setQuery({ from: null, to: null })}>
          {texts.any}
        </button>
      </div>
      {(["from", "to"] as const).map((end) => (
        <label key={end} class="field">
          <span>{texts[end]}</span>
          <input
            type="datetime-local"
            value={fieldOf(auditFilter.value[end])}
            onChange={(event) => setQuery({ [end]: instantOf(event.currentTarget.value) })}
          />
        </label>
      ))}
    </Popover>
  );
}

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
  const { act, outcome, person, key, department, camera, object_kind, object } = auditFilter.value;
  const number = person ?? key;
  const kind = person === null ? "key" : "person";
  const actor = rows.find((row) => row.actor.kind === kind && row.actor.id === number)?.actor;
  const cameraName = rows.find((row) => row.camera?.id === camera)?.camera?.name ?? cameraNames.value.get(camera ?? 0);
  return (
    <div class="tools" role="search">
      <TimeChip />
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
