import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { askForGrant, RIGHTS, type Grant } from "../../api/grants";
import { freshKey } from "../../api/record";
import type { Session } from "../../api/session";
import { desk, deskLink } from "../../desk";
import { text } from "../../i18n";
import { fieldOf, instantOf } from "../../local-time";
import { ENDS, endOf, INCLUDED, isChosen, newDraft, toggled, wishOf, type GrantDraft } from "../../state/grant-draft";
import { who } from "../../state/session";
import { refreshRequested } from "../../state/waiting";
import { useAct } from "../act";
import { areBeside, FaultOf, FaultsOfForm } from "../fault";
import { Icon } from "../icons";
import { ProblemNote } from "../problem-note";
import { GrantCard } from "./grant-card";
import { ReceiverFields } from "./grant-receiver";
import { SubjectFields } from "./grant-subject";
import { Head } from "./head";

const FIELDS = ["on", "owner", "to", "rights", "from", "until", "purpose"];

interface PartProps {
  draft: GrantDraft;
  alter: (change: Partial<GrantDraft>) => void;
}

/** Ticking a right ticks what it brings along, and unticking one what it came along with. */
function RightFields({ draft, alter }: PartProps): JSX.Element {
  const texts = text.value.sharing;
  const isBrought = (right: (typeof RIGHTS)[number]) => draft.rights.some((one) => INCLUDED[one].includes(right));
  return (
    <fieldset class="group fields">
      <legend>{texts.rights}</legend>
      <div class="checks">
        {RIGHTS.map((right) => (
          <label key={right} class={isBrought(right) ? "brought" : undefined}>
            <input
              type="checkbox"
              name="rights"
              value={right}
              checked={draft.rights.includes(right)}
              onChange={() => alter({ rights: toggled(draft.rights, right) })}
            />
            <span>
              {texts.rightNames[right]} <small>{texts.rightHints[right]}</small>
            </span>
          </label>
        ))}
      </div>
      <FaultOf field="rights" />
    </fieldset>
  );
}

function TimeFields({ draft, alter }: PartProps): JSX.Element {
  const texts = text.value.sharing;
  return (
    <fieldset class="group fields">
      <legend>{texts.time}</legend>
      <div class="pair">
        <label class="field">
          <span>{texts.begins}</span>
          <input
            type="datetime-local"
            name="from"
            value={fieldOf(draft.from)}
            onChange={(event) => alter({ from: instantOf(event.currentTarget.value) })}
          />
          <small>{texts.beginsHint}</small>
          <FaultOf field="from" />
        </label>
        <label class="field">
          <span>{texts.ends}</span>
          <input
            type="datetime-local"
            name="until"
            value={fieldOf(draft.until)}
            onChange={(event) => alter({ until: instantOf(event.currentTarget.value) })}
          />
          <small>{texts.endsHint}</small>
          <FaultOf field="until" />
        </label>
      </div>
      <div class="choice">
        {ENDS.map((end) => (
          <button key={end} type="button" class="chip" onClick={() => alter({ until: endOf(end, Date.now()) })}>
            {texts.quick[end]}
          </button>
        ))}
        <button type="button" class={draft.until === null ? "chip set" : "chip"} onClick={() => alter({ until: null })}>
          {texts.noEnd}
        </button>
      </div>
      <label class="tick">
        <input
          type="checkbox"
          name="history"
          checked={draft.history}
          onChange={(event) => alter({ history: event.currentTarget.checked })}
        />
        <span>
          {texts.history} <small>{texts.historyHint}</small>
        </span>
      </label>
    </fieldset>
  );
}

function Form({ session, onAsked }: { session: Session; onAsked: (grant: Grant) => void }): JSX.Element {
  const texts = text.value.sharing;
  const [draft, setDraft] = useState(() => newDraft(session, desk.peek()?.query ?? new URLSearchParams()));
  // A wish that is sent twice, since its answer was lost, is asked for once; one that was changed is another.
  const [key, setKey] = useState(freshKey);
  const { isBusy, problem, act } = useAct();
  const faults = problem?.faults ?? [];
  const alter = (change: Partial<GrantDraft>) => {
    setDraft({ ...draft, ...change });
    setKey(freshKey());
  };
  const submit = (event: Event) => {
    event.preventDefault();
    void act(async () => {
      onAsked(await askForGrant(wishOf(draft), key));
      void refreshRequested();
    });
  };
  return (
    <form class="record grant-form" onSubmit={submit}>
      <FaultsOfForm faults={faults}>
        <SubjectFields draft={draft} alter={alter} />
        <ReceiverFields session={session} draft={draft} alter={alter} />
        <RightFields draft={draft} alter={alter} />
        <TimeFields draft={draft} alter={alter} />
        <fieldset class="group fields">
          <label class="field wide">
            <span>{texts.purpose}</span>
            <textarea
              name="purpose"
              rows={3}
              value={draft.purpose}
              required
              minLength={3}
              maxLength={500}
              onInput={(event) => alter({ purpose: event.currentTarget.value })}
            />
            <small>{texts.purposeHint}</small>
            <FaultOf field="purpose" />
          </label>
        </fieldset>
      </FaultsOfForm>
      <div class="save-bar">
        {problem && (!areBeside(faults, FIELDS) || problem.hint) && <ProblemNote problem={problem} />}
        <a class="button quiet" href={deskLink("sharing")}>
          {text.value.cancel}
        </a>
        <button type="submit" class="main" disabled={isBusy || draft.rights.length === 0 || !isChosen(draft)}>
          {isBusy ? text.value.busy : texts.send}
        </button>
      </div>
    </form>
  );
}

/** Ask for a grant, or give one: the same form; somebody else approves it. */
export function GrantForm(): JSX.Element | null {
  const texts = text.value.sharing;
  const [asked, setAsked] = useState<Grant | null>(null);
  const session = who.value;
  if (session === null) return null;
  const back = (
    <a class="button bare" href={deskLink("sharing")} title={texts.all} aria-label={texts.all}>
      <Icon name="back" />
    </a>
  );
  return (
    <>
      <Head title={asked ? texts.sent : texts.formTitle} before={back} />
      <div class="desk-body padded">
        {asked ? (
          <section class="grants" role="status">
            <p class="grant-note">{texts.sentHint}</p>
            <ul>
              <GrantCard grant={asked} onDone={() => (location.hash = deskLink("sharing"))} />
            </ul>
          </section>
        ) : (
          <>
            <p class="grant-note">{texts.formNote}</p>
            <Form session={session} onAsked={setAsked} />
          </>
        )}
      </div>
    </>
  );
}
