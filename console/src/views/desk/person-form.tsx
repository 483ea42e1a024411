import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { addPerson, changePerson, readPerson, type Link, type Person } from "../../api/people";
import { Problem } from "../../api/problem";
import type { Role, Session } from "../../api/session";
import { text, word } from "../../i18n";
import { changedAmong, differences, joinedDrafts } from "../../state/conflict";
import { departments } from "../../state/names";
import {
  changeOfPerson,
  draftOfPerson,
  PERSON_FIELDS,
  type PersonDraft,
  type PersonField,
} from "../../state/person";
import { useAct } from "../act";
import { Dialog } from "../dialog";
import { areBeside, FaultOf, FaultsOfForm, type FaultList } from "../fault";
import { ProblemNote } from "../problem-note";
import { ConflictDialog } from "./conflict";
import { fitting, RoleFields } from "./role-fields";

/** What is taken can only be the login; of the last admin the server says why it cannot be changed. */
function faultsOf(problem: Problem | null, isNew: boolean): FaultList {
  if (isNew && problem?.code === "conflict") return [{ field: "login", detail: problem.detail }];
  return problem?.faults ?? [];
}

function wordsOf(field: PersonField, value: string): string {
  if (field === "role") return word("roles", value);
  if (field === "name") return value;
  if (value === "") return text.value.people.ofCity;
  return departments.value?.find(({ id }) => String(id) === value)?.name ?? `#${value}`;
}

interface PersonFormProps {
  giver: Session;
  /** The person that is changed; null: a new one. */
  person: Person | null;
  onClose: () => void;
  onAdded: (person: Person, link: Link) => void;
  onChanged: () => void;
}

/** A person's account. Somebody else's change of it is shown, never overwritten unseen. */
export function PersonForm({ giver, person, onClose, onAdded, onChanged }: PersonFormProps): JSX.Element {
  const texts = text.value.people;
  const [base, setBase] = useState(person);
  const [theirs, setTheirs] = useState<Person | null>(null);
  const [login, setLogin] = useState("");
  const [draft, setDraft] = useState<PersonDraft>(() =>
    person === null ? { name: "", role: "viewer", department: fitting(giver, "viewer", "") } : draftOfPerson(person),
  );
  const { isBusy, problem, act } = useAct();
  const isSelf = person !== null && person.id === giver.person?.id;
  const faults = faultsOf(problem, person === null);
  const isBeside = areBeside(faults, person === null ? [...PERSON_FIELDS, "login"] : PERSON_FIELDS);

  const save = async (from: Person, wanted: PersonDraft) => {
    const fields = changedAmong(PERSON_FIELDS, draftOfPerson(from), wanted);
    try {
      if (fields.length > 0) await changePerson(from, changeOfPerson(wanted, fields));
      onClose();
      onChanged();
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 412) throw error;
      const now = await readPerson(from.id);
      const found = differences(PERSON_FIELDS, draftOfPerson(from), draftOfPerson(now), wanted);
      // What the form does not show has changed: nothing stands against what is wanted here.
      if (found.length === 0) await save(now, wanted);
      else setTheirs(now);
    }
  };
  const settle = (keep: "mine" | "theirs") => {
    if (base === null || theirs === null) return;
    const wanted = joinedDrafts(PERSON_FIELDS, draftOfPerson(base), draftOfPerson(theirs), draft, keep);
    setBase(theirs);
    setDraft(wanted);
    setTheirs(null);
    if (keep === "mine") void act(() => save(theirs, wanted));
  };
  const submit = (event: Event) => {
    event.preventDefault();
    void act(async () => {
      if (base !== null) return save(base, draft);
      const fields = { name: draft.name.trim(), role: draft.role as Role, department: Number(draft.department) || null };
      const added = await addPerson({ login: login.trim(), ...fields });
      onAdded(added.person, added.invitation);
    });
  };
  return (
    <Dialog title={person === null ? texts.addTitle : texts.changeTitle(person.name)} onClose={onClose}>
      <form onSubmit={submit}>
        <FaultsOfForm faults={faults}>
          <label class="field">
            <span>{texts.name}</span>
            <input
              name="name"
              value={draft.name}
              required
              maxLength={128}
              autocomplete="off"
              autofocus
              onInput={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
            />
            <FaultOf field="name" />
          </label>
          <label class="field">
            <span>{texts.login}</span>
            <input
              name="login"
              value={person?.login ?? login}
              readOnly={person !== null}
              required
              minLength={2}
              maxLength={64}
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              onInput={(event) => setLogin(event.currentTarget.value)}
            />
            {person === null && <small>{texts.loginHint}</small>}
            <FaultOf field="login" />
          </label>
          <RoleFields
            giver={giver}
            role={draft.role as Role}
            department={draft.department}
            isClosed={isSelf}
            onChange={(chosen) => setDraft({ ...draft, ...chosen })}
          />
          {isSelf && <small>{texts.ownRole}</small>}
        </FaultsOfForm>
        {problem && (!isBeside || problem.hint) && <ProblemNote problem={problem} />}
        <div class="buttons">
          <button type="button" class="quiet" onClick={onClose}>
            {text.value.cancel}
          </button>
          <button type="submit" class="main" disabled={isBusy}>
            {isBusy ? text.value.busy : person === null ? texts.add : texts.save}
          </button>
        </div>
      </form>
      {base && theirs && (
        <ConflictDialog
          title={texts.conflictTitle}
          explanation={texts.conflictText}
          fields={differences(PERSON_FIELDS, draftOfPerson(base), draftOfPerson(theirs), draft)}
          nameOf={(field) => texts[field]}
          wordsOf={wordsOf}
          isBusy={isBusy}
          onSettle={settle}
          onClose={() => setTheirs(null)}
        />
      )}
    </Dialog>
  );
}
