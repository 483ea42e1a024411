import type { JSX } from "preact";
import { invitePerson, type Link, type Person } from "../../api/people";
import { text } from "../../i18n";
import { dateTime } from "../../i18n/time";
import { useAct } from "../act";
import { Dialog } from "../dialog";
import { Once } from "../once";
import { ProblemNote } from "../problem-note";

interface NewLinkProps {
  person: Person;
  onClose: () => void;
  onMade: (link: Link) => void;
}

/** Asks before a link is made: it ends those before it. */
export function NewLink({ person, onClose, onMade }: NewLinkProps): JSX.Element {
  const texts = text.value.people;
  const { isBusy, problem, act } = useAct();
  const make = () => act(async () => onMade(await invitePerson(person.id)));
  return (
    <Dialog title={texts.newLinkTitle(person.name)} onClose={onClose}>
      <p>{texts.newLinkText}</p>
      {problem && <ProblemNote problem={problem} />}
      <div class="buttons">
        <button type="button" class="quiet" onClick={onClose} autofocus>
          {text.value.cancel}
        </button>
        <button type="button" class="main" disabled={isBusy} onClick={() => void make()}>
          {isBusy ? text.value.busy : texts.makeLink}
        </button>
      </div>
    </Dialog>
  );
}

interface MadeLinkProps {
  person: Person;
  link: Link;
  onClose: () => void;
}

/** The link to choose a password by, shown this once. */
export function MadeLink({ person, link, onClose }: MadeLinkProps): JSX.Element {
  const texts = text.value.people;
  return (
    <Once title={texts.linkTitle(person.name)} label={texts.linkTitle(person.name)} value={`${location.origin}${link.path}`} onClose={onClose}>
      <p>{texts.linkText(person.name)}</p>
      <p>
        {texts.linkOnce} {texts.ends(dateTime(link.expires_at))}
      </p>
    </Once>
  );
}
