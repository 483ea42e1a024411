import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { MEDIA, putKeepingRule, type KeepingRule, type Medium, type Term } from "../../api/keeping";
import type { RuleKind } from "../../api/types";
import { text, word } from "../../i18n";
import { KINDS } from "../../i18n/kinds";
import { useAct } from "../act";
import { Dialog } from "../dialog";
import { areBeside, FaultOf, FaultsOfForm, faultsOf } from "../fault";
import { ProblemNote } from "../problem-note";

interface RuleFormProps {
  department: number | null;
  /** What it begins with; null: something new. */
  term: Term | null;
  /** The rules that the department has. */
  rules: readonly KeepingRule[];
  /** Null: any time may be set. */
  longestDays: number | null;
  onClose: () => void;
  onSaved: () => void;
}

/** For how long something is to be kept. */
export function RuleForm({ department, term, rules, longestDays, onClose, onSaved }: RuleFormProps): JSX.Element {
  const texts = text.value.keeping;
  const [medium, setMedium] = useState<Medium>(term?.medium ?? "snapshot");
  const [kind, setKind] = useState<RuleKind | null>(term?.kind ?? null);
  const begin = term?.days ?? null;
  const [days, setDays] = useState(begin === null ? "" : String(Math.max(1, Math.round(begin))));
  const { isBusy, problem, act } = useAct();
  const faults = faultsOf(problem);
  const submit = (event: Event) => {
    event.preventDefault();
    void act(async () => {
      const before = rules.find((one) => one.medium === medium && one.kind === kind);
      const asked = { medium, department, kind, days: days.trim() === "" ? null : Number(days) };
      await putKeepingRule(asked, before?.revision ?? null);
      onSaved();
    });
  };
  return (
    <Dialog title={term === null ? texts.setRule : texts.changeRule} onClose={onClose}>
      <form onSubmit={submit}>
        <FaultsOfForm faults={faults}>
          <label class="field">
            <span>{texts.medium}</span>
            <select name="medium" value={medium} onChange={(event) => setMedium(event.currentTarget.value as Medium)}>
              {MEDIA.map((one) => (
                <option key={one} value={one}>
                  {texts.media[one]}
                </option>
              ))}
            </select>
            <FaultOf field="medium" />
          </label>
          <label class="field">
            <span>{texts.kind}</span>
            <select
              name="kind"
              value={kind ?? ""}
              onChange={(event) => setKind((event.currentTarget.value || null) as RuleKind | null)}
            >
              <option value="">{texts.allKinds}</option>
              {KINDS.map((one) => (
                <option key={one} value={one}>
                  {word("kinds", one)}
                </option>
              ))}
            </select>
            <FaultOf field="kind" />
          </label>
          <label class="field">
            <span>{texts.daysField}</span>
            <input
              name="days"
              type="number"
              min={1}
              max={36_600}
              step={1}
              value={days}
              autofocus
              onInput={(event) => setDays(event.currentTarget.value)}
            />
            {longestDays !== null && <small>{texts.longest(longestDays)}</small>}
            <FaultOf field="days" />
          </label>
        </FaultsOfForm>
        {problem && !areBeside(faults, ["medium", "kind", "days"]) && <ProblemNote problem={problem} />}
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
