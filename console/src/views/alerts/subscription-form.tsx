import { useComputed, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { Problem } from "../../api/problem";
import { changeSubscription, makeSubscription, readSubscription, type Subscription } from "../../api/subscriptions";
import { deskLink } from "../../desk";
import { text } from "../../i18n";
import {
  changeOf,
  conflictOf,
  draftOf,
  settled,
  termsOf,
  type SubscriptionConflict,
  type SubscriptionDraft,
  type Term,
} from "../../state/subscription-draft";
import { useAct } from "../act";
import { ConflictDialog } from "../desk/conflict";
import { areBeside, FaultsOfForm, faultsOf } from "../fault";
import { FilterInHand, type Filtering } from "../filtering";
import { HoursFields } from "../hours-fields";
import { ProblemNote } from "../problem-note";
import { FilterFields } from "./filter-fields";
import { GroupingFields } from "./grouping-fields";
import { MomentFields } from "./moment-fields";
import { ReceiverFields } from "./receiver-fields";
import { termWords } from "./words";

const FIELDS = ["name", "department", "url", "filter", "min_severity", "hours", "moments", "grouping", "cool_down_s", "with_picture", "notices"];

export interface PartProps {
  draft: SubscriptionDraft;
  alter: (change: Partial<SubscriptionDraft>) => void;
}

interface FormProps {
  /** The subscription that is changed; null: a new one. */
  subscription: Subscription | null;
  begin: SubscriptionDraft;
  onMade?: (made: { subscription: Subscription; text: string }) => void;
  onSaved?: () => void;
}

/** All terms of a subscription. Somebody else's change of the same one is shown, never overwritten unseen. */
export function SubscriptionForm({ subscription, begin, onMade, onSaved }: FormProps): JSX.Element {
  const texts = text.value.alerts;
  const inForm = useSignal(begin);
  const [base, setBase] = useState(subscription);
  const [conflict, setConflict] = useState<SubscriptionConflict | null>(null);
  const { isBusy, problem, act } = useAct();
  const alter = (change: Partial<SubscriptionDraft>) => {
    inForm.value = { ...inForm.peek(), ...change };
  };
  const at = useComputed(() => inForm.value.filter);
  const filtering = useMemo<Filtering>(
    () => ({ at, alter: (change) => alter({ filter: { ...inForm.peek().filter, ...change } }) }),
    [],
  );
  const draft = inForm.value;
  const faults = faultsOf(problem);

  const save = async (from: Subscription, wanted: SubscriptionDraft) => {
    try {
      const change = changeOf(draftOf(from), wanted);
      if (Object.keys(change).length > 0) await changeSubscription(from, change);
      onSaved?.();
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 412) throw error;
      const found = conflictOf(from, await readSubscription(from.id), wanted);
      // What the form does not show has changed, that it was paused for example: nothing stands against what is wanted.
      if (found.fields.length === 0) await save(found.theirs, wanted);
      else setConflict(found);
    }
  };
  const settle = (keep: "mine" | "theirs") => {
    if (conflict === null) return;
    const wanted = settled(conflict, draft, keep);
    setBase(conflict.theirs);
    setConflict(null);
    inForm.value = wanted;
    if (keep === "mine") void act(() => save(conflict.theirs, wanted));
  };
  const submit = (event: Event) => {
    event.preventDefault();
    void act(async () => {
      if (base !== null) await save(base, draft);
      else onMade?.(await makeSubscription({ ...termsOf(draft), department: Number(draft.department) || null }));
    });
  };
  return (
    <form class="record subscription-form" onSubmit={submit} aria-label={texts.title}>
      <FaultsOfForm faults={faults}>
        <ReceiverFields draft={draft} alter={alter} isNew={base === null} />
        <FilterInHand.Provider value={filtering}>
          <FilterFields draft={draft} alter={alter} />
        </FilterInHand.Provider>
        <fieldset class="group fields">
          <legend>{texts.groups.when}</legend>
          <MomentFields draft={draft} alter={alter} />
          <HoursFields hours={draft.hours} onChange={(hours) => alter({ hours })} />
        </fieldset>
        <GroupingFields draft={draft} alter={alter} />
      </FaultsOfForm>
      <div class="save-bar">
        {problem && (!areBeside(faults, FIELDS) || problem.hint) && <ProblemNote problem={problem} />}
        <a class="button quiet" href={deskLink("alerts", base?.id)}>
          {text.value.cancel}
        </a>
        <button type="submit" class="main" disabled={isBusy || draft.moments.length === 0}>
          {isBusy ? text.value.busy : base === null ? texts.make : texts.save}
        </button>
      </div>
      {conflict && (
        <ConflictDialog<Term>
          title={texts.conflictTitle}
          explanation={texts.conflictText}
          fields={conflict.fields}
          nameOf={(term) => texts.fields[term]}
          wordsOf={(term, said) => termWords(term, { [term]: JSON.parse(said) })}
          isBusy={isBusy}
          onSettle={settle}
          onClose={() => setConflict(null)}
        />
      )}
    </form>
  );
}
