import type { JSX } from "preact";
import { listSight } from "../../api/grants";
import { joined, text } from "../../i18n";
import { useAnswer } from "../answer";
import { Dialog } from "../dialog";
import { ProblemNote } from "../problem-note";
import { rightNames, subjectInWords } from "./grant-words";
import { UntilWhen, WayInWords } from "./viewers";

interface SightProps {
  person: { id: number; name: string };
  onClose: () => void;
}

/** What somebody can see, and through what. */
export function SightDialog({ person, onClose }: SightProps): JSX.Element {
  const texts = text.value.sharing;
  const { answer, problem, again } = useAnswer(String(person.id), (signal) => listSight(person.id, signal));
  return (
    <Dialog title={texts.sightOf(person.name)} onClose={onClose} isWide>
      <div class="dialog-body">
        <p>{texts.sightAbout}</p>
        {problem && <ProblemNote problem={problem} retry={again} />}
        {!answer && !problem && <p class="waiting">{text.value.loading}</p>}
        {answer?.items.length === 0 && <p class="none">{texts.sightNothing}</p>}
        {answer && answer.items.length > 0 && (
          <table class="list cards-on-phone sight">
            <thead>
              <tr>
                {[texts.onHead, texts.rightsHead, texts.through, texts.untilHead].map((words) => (
                  <th key={words} scope="col">
                    {words}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {answer.items.map(({ on, cameras, rights, through, until }, n) => (
                <tr key={n} data-way={through.kind}>
                  <th scope="row">
                    {subjectInWords(on, null)} <small>{texts.camerasOf(cameras)}</small>
                  </th>
                  <td data-label={texts.rightsHead}>{joined(rightNames(rights))}</td>
                  <td data-label={texts.through}>
                    <WayInWords through={through} />
                  </td>
                  <td data-label={texts.untilHead}>
                    <UntilWhen until={until} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
      <div class="buttons">
        <button type="button" class="quiet" onClick={onClose}>
          {text.value.close}
        </button>
      </div>
    </Dialog>
  );
}
