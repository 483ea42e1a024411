import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { addRule, changeRule, type Rule } from "../api/rules";
import type { RuleKind } from "../api/types";
import { text, word } from "../i18n";
import { KINDS } from "../i18n/kinds";
import { draftOf, NEW_RULE, termsOf, withKind, type Draft } from "../state/rule-draft";
import { canBeTried, TAKES } from "../state/kinds";
import { refreshSite, type Site } from "../state/site";
import { useAct } from "./act";
import { Dialog } from "./dialog";
import { areBeside, FaultsOfForm, faultsOf } from "./fault";
import { HoursFields } from "./hours-fields";
import { Icon } from "./icons";
import { ProblemNote } from "./problem-note";
import { AmountFields, LastFields, suggestName, WhereFields } from "./rule-fields";
import { TrialPanel, useTrial } from "./trial";

/** The fields that every kind has. */
const SHARED = ["name", "min_duration_s", "cool_down_s", "hours", "severity"];

interface RuleFormProps {
  site: Site;
  /** The rule that is changed; null: a new one. */
  rule: Rule | null;
  onClose: () => void;
}

interface TryItProps {
  form: { current: HTMLFormElement | null };
  draft: Draft;
  isBusy: boolean;
  onTry: () => void;
}

function TryIt({ form, draft, isBusy, onTry }: TryItProps): JSX.Element {
  const texts = text.value.trial;
  if (!canBeTried(draft.kind)) return <small class="try">{texts.cannotBeTried}</small>;
  const start = () => {
    if (form.current?.reportValidity()) onTry();
  };
  return (
    <button type="button" class="quiet try" disabled={isBusy} onClick={start}>
      <Icon name="play" />
      {texts.tryIt}
    </button>
  );
}

/** Makes or changes a rule of the camera: its kind first, then what that kind takes. */
export function RuleForm({ site, rule, onClose }: RuleFormProps): JSX.Element {
  const texts = text.value;
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState<Draft>(() => (rule === null ? NEW_RULE : draftOf(rule)));
  const { isBusy, problem: saveProblem, act } = useAct();
  const trying = useTrial(site.camera.id);
  const problem = trying.problem ?? saveProblem;
  const suggestedName = suggestName(draft, site.rules);
  const terms = termsOf(draft, suggestedName);
  const faults = faultsOf(problem);
  const isBeside = areBeside(faults, [...SHARED, ...TAKES[draft.kind]]);
  const put = (changed: Draft) => {
    setDraft(changed);
    trying.reset();
  };
  const alter = (change: Partial<Draft>) => put({ ...draft, ...change });
  const submit = (event: Event) => {
    event.preventDefault();
    trying.reset();
    void act(async () => {
      await (rule === null ? addRule(site.camera.id, terms) : changeRule(rule.id, terms));
      onClose();
      await refreshSite();
    });
  };
  return (
    <Dialog title={rule === null ? texts.rules.add : texts.rules.changeTitle(rule.name)} onClose={onClose} isWide>
      <form class="rule-form" ref={form} onSubmit={submit}>
        <FaultsOfForm faults={faults}>
          <label class="field">
            <span>{texts.rules.fields.kind}</span>
            <select
              name="kind"
              value={draft.kind}
              autofocus
              onChange={(event) => put(withKind(draft, event.currentTarget.value as RuleKind, site))}
            >
              {KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {word("kinds", kind)}
                </option>
              ))}
            </select>
            <small>{texts.rules.kindHints[draft.kind]}</small>
          </label>
          <WhereFields site={site} draft={draft} alter={alter} />
          <AmountFields draft={draft} alter={alter} />
          <HoursFields hours={draft.hours} onChange={(hours) => alter({ hours })} />
          <LastFields draft={draft} alter={alter} suggestedName={suggestedName} />
        </FaultsOfForm>
        {problem && !isBeside && <ProblemNote problem={problem} />}
        <TrialPanel trying={trying} />
        <div class="buttons">
          <TryIt form={form} draft={draft} isBusy={trying.isBusy} onTry={() => trying.start(terms)} />
          <button type="button" class="quiet" onClick={onClose}>
            {texts.cancel}
          </button>
          <button type="submit" class="main" disabled={isBusy}>
            {isBusy ? texts.busy : texts.rules.save}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
