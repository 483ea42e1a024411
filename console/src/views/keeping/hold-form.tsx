import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { takeHold, type NewHold, type TakenHold } from "../../api/holds";
import { text } from "../../i18n";
import { useAct } from "../act";
import { DepartmentSelect } from "../desk/department-select";
import { Dialog } from "../dialog";
import { areBeside, FaultOf, FaultsOfForm, faultsOf } from "../fault";
import { ProblemNote } from "../problem-note";

const ON = ["camera", "department", "event"] as const;
type OnWhat = (typeof ON)[number];
const FIELDS = ["name", "reason", "event", "camera", "department", "from", "until"];

/** What a field of date and time here says, as an instant. */
const instantOf = (local: string): string | null => (local === "" ? null : new Date(local).toISOString());

interface HoldFormProps {
  /** The event to be held; null: something is to be chosen. */
  event: string | null;
  onClose: () => void;
  onTaken: (hold: TakenHold) => void;
}

interface Draft {
  what: OnWhat;
  camera: string;
  department: string;
  event: string;
  from: string;
  until: string;
}

function onOf(draft: Draft): Omit<NewHold, "name" | "reason"> {
  if (draft.what === "event") return { event: draft.event.trim() };
  const span = { from: instantOf(draft.from), until: instantOf(draft.until) };
  if (draft.what === "camera") return { camera: Number(draft.camera), ...span };
  return { department: Number(draft.department), ...span };
}

function OnFields({ draft, alter }: { draft: Draft; alter: (values: Partial<Draft>) => void }): JSX.Element {
  const texts = text.value.keeping;
  const names = { camera: texts.onCamera, department: texts.onDepartment, event: texts.onEvent };
  return (
    <>
      <fieldset class="segments">
        <legend>{texts.on}</legend>
        {ON.map((one) => (
          <label key={one}>
            <input type="radio" name="on" checked={draft.what === one} onChange={() => alter({ what: one })} />
            <span>{names[one]}</span>
          </label>
        ))}
      </fieldset>
      {draft.what === "camera" && (
        <label class="field">
          <span>{texts.camera}</span>
          <input
            name="camera"
            inputMode="numeric"
            pattern="[0-9]+"
            required
            value={draft.camera}
            onInput={(event) => alter({ camera: event.currentTarget.value })}
          />
          <FaultOf field="camera" />
        </label>
      )}
      {draft.what === "department" && (
        <label class="field">
          <span>{texts.onDepartment}</span>
          <DepartmentSelect
            name="department"
            label={texts.onDepartment}
            empty={text.value.chooseOne}
            value={draft.department}
            onChange={(department) => alter({ department })}
          />
          <FaultOf field="department" />
        </label>
      )}
      {draft.what === "event" ? (
        <label class="field">
          <span>{texts.eventNumber}</span>
          <input
            name="event"
            inputMode="numeric"
            pattern="[0-9]+"
            required
            value={draft.event}
            onInput={(event) => alter({ event: event.currentTarget.value })}
          />
          <FaultOf field="event" />
        </label>
      ) : (
        (["from", "until"] as const).map((end) => (
          <label key={end} class="field">
            <span>{texts[end]}</span>
            <input
              type="datetime-local"
              name={end}
              value={draft[end]}
              onInput={(event) => alter({ [end]: event.currentTarget.value })}
            />
            <FaultOf field={end} />
          </label>
        ))
      )}
    </>
  );
}

/** A hold to be taken: on an event, or on a camera or a department for a time. */
export function HoldForm({ event, onClose, onTaken }: HoldFormProps): JSX.Element {
  const texts = text.value.keeping;
  const [name, setName] = useState("");
  const [reason, setReason] = useState("");
  const [draft, setDraft] = useState<Draft>({
    what: event === null ? "camera" : "event",
    camera: "",
    department: "",
    event: event ?? "",
    from: "",
    until: "",
  });
  const { isBusy, problem, act } = useAct();
  const faults = problem?.code === "conflict" ? [] : faultsOf(problem);
  const submit = (submitted: Event) => {
    submitted.preventDefault();
    void act(async () => onTaken(await takeHold({ name: name.trim(), reason: reason.trim(), ...onOf(draft) })));
  };
  return (
    <Dialog title={event === null ? texts.holdTitle : texts.holdEvent} onClose={onClose}>
      <form onSubmit={submit}>
        <p>{texts.holdText}</p>
        <FaultsOfForm faults={faults}>
          {event === null && <OnFields draft={draft} alter={(values) => setDraft({ ...draft, ...values })} />}
          <label class="field">
            <span>{texts.name}</span>
            <input
              name="name"
              value={name}
              required
              maxLength={128}
              autocomplete="off"
              autofocus
              onInput={(input) => setName(input.currentTarget.value)}
            />
            <small>{texts.nameHint}</small>
            <FaultOf field="name" />
          </label>
          <label class="field">
            <span>{texts.reason}</span>
            <textarea
              name="reason"
              rows={3}
              value={reason}
              required
              minLength={3}
              maxLength={500}
              onInput={(input) => setReason(input.currentTarget.value)}
            />
            <small>{texts.reasonHint}</small>
            <FaultOf field="reason" />
          </label>
        </FaultsOfForm>
        {problem && !areBeside(faults, event === null ? FIELDS : ["name", "reason"]) && <ProblemNote problem={problem} />}
        <div class="buttons">
          <button type="button" class="quiet" onClick={onClose}>
            {text.value.cancel}
          </button>
          <button type="submit" class="main" disabled={isBusy}>
            {isBusy ? text.value.busy : texts.takeHold}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
