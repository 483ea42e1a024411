import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { asProblem } from "../api/client";
import type { Problem } from "../api/problem";
import { acceptInvitation, lookAtInvitation, type Invitation } from "../api/session";
import { text } from "../i18n";
import { dateTime } from "../i18n/time";
import { goTo } from "../route";
import { enter } from "../state/session";
import { token } from "../state/welcome";
import { useAct } from "./act";
import { areBeside, FaultOf, FaultsOfForm, type FaultList } from "./fault";
import { Gate } from "./gate";
import { isChosen, NewPassword, NOT_CHOSEN } from "./new-password";
import { ProblemNote } from "./problem-note";

/** Where each fault of the server's stands in the form: what is taken can only be the login. */
function faultsOf(problem: Problem | null): FaultList {
  if (problem?.code === "conflict") return [{ field: "login", detail: problem.detail }];
  return problem?.faults ?? [];
}

interface NamesProps {
  login: string;
  name: string;
  onLogin: (login: string) => void;
  onName: (name: string) => void;
}

function Names({ login, name, onLogin, onName }: NamesProps): JSX.Element {
  const texts = text.value.access;
  return (
    <>
      <label class="field">
        <span>{texts.login}</span>
        <input
          name="login"
          value={login}
          required
          minLength={2}
          maxLength={64}
          autocomplete="username"
          autocapitalize="off"
          spellcheck={false}
          autofocus
          onInput={(event) => onLogin(event.currentTarget.value)}
        />
        <small>{texts.loginHint}</small>
        <FaultOf field="login" />
      </label>
      <label class="field">
        <span>{texts.yourName}</span>
        <input
          name="name"
          value={name}
          required
          maxLength={128}
          autocomplete="name"
          onInput={(event) => onName(event.currentTarget.value)}
        />
        <small>{texts.yourNameHint}</small>
        <FaultOf field="name" />
      </label>
    </>
  );
}

function Acceptance({ secret, invitation }: { secret: string; invitation: Invitation }): JSX.Element {
  const texts = text.value.access;
  const [login, setLogin] = useState("");
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState(NOT_CHOSEN);
  const { isBusy, problem, act } = useAct();
  const { is_first: isFirst } = invitation;
  const faults = faultsOf(problem);
  const submit = (event: Event) => {
    event.preventDefault();
    if (!isChosen(chosen)) return;
    void act(async () => {
      const names = isFirst ? { login: login.trim(), name: name.trim() } : {};
      const session = await acceptInvitation({ token: secret, password: chosen.password, ...names });
      token.value = null;
      goTo("#/", "replace");
      enter(session);
    });
  };
  return (
    <form onSubmit={submit}>
      <FaultsOfForm faults={faults}>
        {isFirst ? (
          <Names login={login} name={name} onLogin={setLogin} onName={setName} />
        ) : (
          <label class="field">
            <span>{texts.login}</span>
            <input name="login" value={invitation.login ?? ""} readOnly autocomplete="username" />
          </label>
        )}
        <NewPassword name="password" chosen={chosen} onChange={setChosen} />
      </FaultsOfForm>
      {problem && !areBeside(faults, ["login", "name", "password"]) && <ProblemNote problem={problem} />}
      {problem?.hint && faults.length > 0 && (
        <p class="fault" lang="en">
          {problem.hint}
        </p>
      )}
      <button type="submit" class="main" disabled={isBusy || !isChosen(chosen)}>
        {isBusy ? text.value.busy : texts.accept}
      </button>
      <small>{texts.linkEnds(dateTime(invitation.expires_at))}</small>
    </form>
  );
}

type Looked = { invitation: Invitation } | { problem: Problem } | null;

/** What a one-time link leads to: choosing a password, and the first account of all. */
export function Welcome(): JSX.Element {
  const texts = text.value.access;
  const secret = token.value;
  const [looked, setLooked] = useState<Looked>(null);
  useEffect(() => {
    setLooked(null);
    if (secret === null) return undefined;
    let isOver = false;
    const look = async () => {
      try {
        const invitation = await lookAtInvitation(secret);
        if (!isOver) setLooked({ invitation });
      } catch (error) {
        const problem = asProblem(error);
        if (!isOver && problem) setLooked({ problem });
      }
    };
    void look();
    return () => {
      isOver = true;
    };
  }, [secret]);
  const toSignIn = (
    <a class="button quiet" href="#/">
      {texts.toSignIn}
    </a>
  );
  if (secret === null) {
    return (
      <Gate title={texts.noToken} about={texts.noTokenHint}>
        {toSignIn}
      </Gate>
    );
  }
  if (looked === null) return <Gate title={texts.asking}>{null}</Gate>;
  if ("problem" in looked) {
    const isGone = looked.problem.status === 404;
    return (
      <Gate title={isGone ? texts.linkGone : text.value.words.problems.unavailable} about={isGone ? texts.goneHint : undefined}>
        {!isGone && <ProblemNote problem={looked.problem} />}
        {toSignIn}
      </Gate>
    );
  }
  const { invitation } = looked;
  return (
    <Gate
      title={invitation.is_first ? texts.welcomeFirst : texts.welcome(invitation.name ?? "")}
      about={invitation.is_first ? texts.welcomeFirstText : texts.welcomeText}
    >
      <Acceptance secret={secret} invitation={invitation} />
    </Gate>
  );
}
