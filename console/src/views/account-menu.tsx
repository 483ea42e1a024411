import type { JSX } from "preact";
import { deskLink } from "../desk";
import { text, word } from "../i18n";
import { hash } from "../route";
import { leave, who } from "../state/session";
import { useAct } from "./act";
import { Icon } from "./icons";
import { Popover } from "./popover";
import { ProblemNote } from "./problem-note";

/** Who is signed in, as what; and the ways to one's account and out. */
export function AccountMenu(): JSX.Element | null {
  const texts = text.value.access;
  const { isBusy, problem, act } = useAct();
  const session = who.value;
  if (session === null) return null;
  const name = session.person?.name ?? session.key?.name ?? "";
  return (
    <div class="account">
      {/* Another page closes it. */}
      <Popover key={hash.value} label={name} isSet={false} title={texts.menu(name)} icon="person">
        <p>
          <strong>{name}</strong>
          {session.person && <small>{session.person.login}</small>}
          <span>{word("roles", session.role)}</span>
          <span>{session.department?.name ?? texts.ofCity}</span>
        </p>
        {problem && <ProblemNote problem={problem} />}
        <a class="button quiet" href={deskLink("account")}>
          <Icon name="key" />
          {texts.account}
        </a>
        <button type="button" class="quiet" disabled={isBusy} onClick={() => void act(leave)}>
          <Icon name="out" />
          {texts.signOut}
        </button>
      </Popover>
    </div>
  );
}
