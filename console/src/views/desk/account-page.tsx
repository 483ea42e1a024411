import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { changePassword, endVisit, listVisits } from "../../api/session";
import { text, word } from "../../i18n";
import { dateTime } from "../../i18n/time";
import { who } from "../../state/session";
import { useAct } from "../act";
import { useAnswer } from "../answer";
import { areBeside, FaultsOfForm } from "../fault";
import { Instant } from "../instant";
import { isChosen, NewPassword, NOT_CHOSEN } from "../new-password";
import { PasswordField } from "../password-field";
import { ProblemNote } from "../problem-note";
import { Head } from "./head";
import { Visits } from "./visits";

const POLL_MS = 15_000;

function Facts(): JSX.Element | null {
  const texts = text.value.access;
  const session = who.value;
  if (session === null) return null;
  return (
    <section class="group" aria-label={texts.account}>
      <h3>{session.person?.name ?? session.key?.name}</h3>
      <dl class="facts">
        {session.person && (
          <>
            <dt>{texts.login}</dt>
            <dd>{session.person.login}</dd>
          </>
        )}
        <dt>{texts.role}</dt>
        <dd>
          {word("roles", session.role)} <small>{text.value.people.roleHints[session.role]}</small>
        </dd>
        <dt>{texts.department}</dt>
        <dd>{session.department?.name ?? texts.ofCity}</dd>
        {session.expires_at && (
          <>
            <dt>{texts.sessionEnds}</dt>
            <dd>
              <Instant at={session.expires_at}>{dateTime(session.expires_at)}</Instant>
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

function PasswordForm({ onDone }: { onDone: () => void }): JSX.Element {
  const texts = text.value.access;
  const [current, setCurrent] = useState("");
  const [chosen, setChosen] = useState(NOT_CHOSEN);
  const [isDone, setDone] = useState(false);
  const { isBusy, problem, act } = useAct();
  const faults = problem?.faults ?? [];
  const alter = (change: () => void) => {
    setDone(false);
    change();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    void act(async () => {
      await changePassword(current, chosen.password);
      setCurrent("");
      setChosen(NOT_CHOSEN);
      setDone(true);
      onDone();
    });
  };
  return (
    <form class="group fields" aria-label={texts.changePassword} onSubmit={submit}>
      <h3>{texts.changePassword}</h3>
      {/* For password managers: whose password it is. */}
      <input class="unseen" type="text" autocomplete="username" value={who.value?.person?.login ?? ""} readOnly tabIndex={-1} aria-hidden="true" />
      <FaultsOfForm faults={faults}>
        <PasswordField
          name="current"
          label={texts.currentPassword}
          value={current}
          use="current-password"
          onInput={(value) => alter(() => setCurrent(value))}
        />
        <NewPassword name="new" chosen={chosen} onChange={(value) => alter(() => setChosen(value))} />
      </FaultsOfForm>
      {problem && !areBeside(faults, ["current", "new"]) && <ProblemNote problem={problem} />}
      {problem?.hint && faults.length > 0 && (
        <p class="fault" lang="en">
          {problem.hint}
        </p>
      )}
      <div class="inline">
        <button type="submit" class="main" disabled={isBusy || current === "" || !isChosen(chosen)}>
          {isBusy ? text.value.busy : texts.changePassword}
        </button>
        <span role="status">{isDone && texts.passwordChanged}</span>
      </div>
    </form>
  );
}

/** One's own account: what one is here, the password, and where one is signed in. */
export function AccountPage(): JSX.Element {
  const texts = text.value.access;
  const { answer, problem, again } = useAnswer("visits", listVisits, POLL_MS);
  const { isBusy, problem: endProblem, act } = useAct();
  const others = answer?.items.filter((visit) => !visit.is_this) ?? [];
  const endOthers = () =>
    act(async () => {
      for (const { id } of others) await endVisit(id);
      again();
    });
  return (
    <>
      <Head title={texts.account} note={texts.accountNote} />
      <div class="desk-body padded">
        <div class="account-columns">
          <div class="stack">
            <Facts />
            <section class="group counts" aria-label={texts.sessions}>
              <div class="group-head">
                <h3>{texts.sessions}</h3>
                {others.length > 1 && (
                  <button type="button" class="quiet" disabled={isBusy} onClick={() => void endOthers()}>
                    {texts.endOthers}
                  </button>
                )}
              </div>
              <small>{texts.sessionsAbout}</small>
              {endProblem && <ProblemNote problem={endProblem} />}
              <Visits visits={answer?.items ?? null} problem={problem} again={again} end={({ id }) => endVisit(id)} />
            </section>
          </div>
          <PasswordForm onDone={again} />
        </div>
      </div>
    </>
  );
}
