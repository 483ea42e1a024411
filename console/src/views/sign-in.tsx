import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Problem } from "../api/problem";
import { signIn } from "../api/session";
import { text } from "../i18n";
import { now } from "../i18n/time";
import { enter, who } from "../state/session";
import { useAct } from "./act";
import { Gate } from "./gate";
import { Icon } from "./icons";
import { PasswordField } from "./password-field";
import { ProblemNote } from "./problem-note";

/** How many seconds are left until it may be tried again. */
function waitOf(problem: Problem | null): number {
  return problem?.againAt ? Math.max(0, Math.ceil((problem.againAt - now.value) / 1000)) : 0;
}

/** What keeps somebody out, in words of the reader's language: whether login or password was wrong is not told. */
function WhyNot({ problem, wait }: { problem: Problem; wait: number }): JSX.Element | null {
  const { words, access } = text.value;
  if (problem.code !== "sign_in_failed" && problem.code !== "too_many") return <ProblemNote problem={problem} />;
  if (problem.code === "too_many" && wait === 0) return null;
  return (
    <div class="problem" role="alert">
      <Icon name="warning" />
      <strong>{problem.code === "too_many" ? access.waitSeconds(wait) : words.problems.sign_in_failed}</strong>
    </div>
  );
}

function SignInForm(): JSX.Element {
  const texts = text.value.access;
  const known = who.peek()?.person?.login ?? "";
  const [login, setLogin] = useState(known);
  const [password, setPassword] = useState("");
  const { isBusy, problem, act } = useAct();
  const wait = waitOf(problem);
  const submit = (event: Event) => {
    event.preventDefault();
    void act(async () => {
      const session = await signIn(login.trim(), password);
      setPassword("");
      enter(session);
    });
  };
  return (
    <form onSubmit={submit}>
      <label class="field">
        <span>{texts.login}</span>
        <input
          name="login"
          value={login}
          required
          maxLength={64}
          autocomplete="username"
          autocapitalize="off"
          spellcheck={false}
          autofocus={known === ""}
          onInput={(event) => setLogin(event.currentTarget.value)}
        />
      </label>
      <PasswordField
        name="password"
        label={texts.password}
        value={password}
        use="current-password"
        hasFocus={known !== ""}
        onInput={setPassword}
      />
      {problem && <WhyNot problem={problem} wait={wait} />}
      <button type="submit" class="main" disabled={isBusy || wait > 0}>
        {isBusy ? text.value.busy : texts.signIn}
      </button>
      <small>{texts.askAdmin}</small>
    </form>
  );
}

/** What a visitor meets first. The address stays, so that one arrives where one wanted to go. */
export function SignIn(): JSX.Element {
  return (
    <Gate title={text.value.access.signIn}>
      <SignInForm />
    </Gate>
  );
}

/** Over the work, which stays as it was, unseen: the session ended meanwhile. */
export function SignInAgain(): JSX.Element {
  const texts = text.value.access;
  const dialog = useRef<HTMLDialogElement>(null);
  const show = () => {
    if (dialog.current?.isConnected && !dialog.current.open) dialog.current.showModal();
  };
  useEffect(() => {
    const element = dialog.current;
    // Above any dialog of the work: what is opened last lies on top.
    show();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class="cover"
      aria-label={texts.signInAgain}
      onCancel={(event) => event.preventDefault()}
      onClose={show}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <Gate title={texts.signInAgain} about={texts.signInAgainText}>
        <SignInForm />
      </Gate>
    </dialog>
  );
}
