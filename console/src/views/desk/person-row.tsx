import type { JSX } from "preact";
import { changePerson, type Link, type Person, type PersonState } from "../../api/people";
import { text, word } from "../../i18n";
import { nearTime } from "../../i18n/time";
import { useAct } from "../act";
import { Icon, type IconName } from "../icons";
import { Instant } from "../instant";
import { ProblemNote } from "../problem-note";

const MOODS: Record<PersonState, string> = { invited: "busy", active: "good", disabled: "quiet" };
const SIGNS: Record<PersonState, IconName> = { invited: "link", active: "live", disabled: "pause" };

/** What of the page is open over the list. */
export type Open =
  | { what: "add" }
  | { what: "change" | "disable" | "link" | "sight" | "visits"; person: Person }
  | { what: "made"; person: Person; link: Link };

interface RowProps {
  person: Person;
  isSelf: boolean;
  onOpen: (open: Open) => void;
  onDone: () => void;
}

/** One person, and what can be done with the account. */
export function PersonRow({ person, isSelf, onOpen, onDone }: RowProps): JSX.Element {
  const texts = text.value.people;
  const { isBusy, problem, act } = useAct();
  const enable = () =>
    act(async () => {
      await changePerson(person, { disabled: false });
      onDone();
    });
  const button = (icon: IconName, words: string, onClick: () => void) => (
    <button type="button" class="bare" title={words} aria-label={`${words}${text.value.colon}${person.name}`} disabled={isBusy} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
  return (
    <tr data-person={person.id}>
      <th scope="row">
        {person.name} {isSelf && <em class="mark">{texts.you}</em>}
        <small>{person.login}</small>
      </th>
      <td data-label={texts.role}>{word("roles", person.role)}</td>
      <td data-label={texts.department}>{person.department?.name ?? texts.ofCity}</td>
      <td data-label={texts.state}>
        <span class={`badge mood-${MOODS[person.state]}`}>
          <Icon name={SIGNS[person.state]} />
          {word("personStates", person.state)}
        </span>
      </td>
      <td data-label={texts.seen}>
        {person.seen_at ? <Instant at={person.seen_at}>{nearTime(person.seen_at)}</Instant> : <small>{texts.never}</small>}
      </td>
      <td class="row-acts">
        {button("pencil", texts.change, () => onOpen({ what: "change", person }))}
        {button("eye", text.value.sharing.sight, () => onOpen({ what: "sight", person }))}
        {button("list", texts.sessions, () => onOpen({ what: "visits", person }))}
        {!isSelf && person.state !== "disabled" && (
          <>
            {button("key", texts.newLink, () => onOpen({ what: "link", person }))}
            {button("pause", texts.disable, () => onOpen({ what: "disable", person }))}
          </>
        )}
        {!isSelf && person.state === "disabled" && button("play", texts.enable, () => void enable())}
        {problem && <ProblemNote problem={problem} />}
      </td>
    </tr>
  );
}
