import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { makeKey, type ApiKey } from "../../api/keys";
import type { Role, Session } from "../../api/session";
import { text } from "../../i18n";
import { useAct } from "../act";
import { Dialog } from "../dialog";
import { areBeside, FaultOf, FaultsOfForm, faultsOf } from "../fault";
import { ProblemNote } from "../problem-note";
import { fitting, RoleFields } from "./role-fields";

/** The end of a day here, as an instant. */
const endOf = (day: string): string => new Date(`${day}T23:59:59`).toISOString();

/** Today here, as a date field says it. */
const today = (): string => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);

interface KeyFormProps {
  giver: Session;
  onClose: () => void;
  /** Told of the new key with its text, which nobody can show again. */
  onMade: (key: ApiKey, text: string) => void;
}

/** A new key for a program. */
export function KeyForm({ giver, onClose, onMade }: KeyFormProps): JSX.Element {
  const texts = text.value.people;
  const [name, setName] = useState("");
  const [day, setDay] = useState("");
  const [given, setGiven] = useState<{ role: Role; department: string }>(() => ({
    role: "operator",
    department: fitting(giver, "operator", ""),
  }));
  const { isBusy, problem, act } = useAct();
  const faults = faultsOf(problem);
  const submit = (event: Event) => {
    event.preventDefault();
    void act(async () => {
      const made = await makeKey({
        name: name.trim(),
        role: given.role,
        department: Number(given.department) || null,
        expires_at: day === "" ? null : endOf(day),
      });
      onMade(made.key, made.text);
    });
  };
  return (
    <Dialog title={texts.makeKey} onClose={onClose}>
      <form onSubmit={submit}>
        <FaultsOfForm faults={faults}>
          <label class="field">
            <span>{texts.keyName}</span>
            <input
              name="name"
              value={name}
              required
              maxLength={128}
              autocomplete="off"
              autofocus
              onInput={(event) => setName(event.currentTarget.value)}
            />
            <small>{texts.keyNameHint}</small>
            <FaultOf field="name" />
          </label>
          <RoleFields giver={giver} role={given.role} department={given.department} onChange={setGiven} />
          <label class="field">
            <span>{texts.expires}</span>
            <input type="date" name="expires_at" value={day} min={today()} onInput={(event) => setDay(event.currentTarget.value)} />
            <small>{texts.expiresHint}</small>
            <FaultOf field="expires_at" />
          </label>
        </FaultsOfForm>
        {problem && !areBeside(faults, ["name", "role", "department", "expires_at"]) && <ProblemNote problem={problem} />}
        <div class="buttons">
          <button type="button" class="quiet" onClick={onClose}>
            {text.value.cancel}
          </button>
          <button type="submit" class="main" disabled={isBusy}>
            {isBusy ? text.value.busy : texts.makeKey}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
