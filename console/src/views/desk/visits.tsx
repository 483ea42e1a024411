import type { JSX } from "preact";
import { endVisitsOf, listVisitsOf, type Person } from "../../api/people";
import type { Problem } from "../../api/problem";
import type { Visit } from "../../api/session";
import { text } from "../../i18n";
import { dateTime } from "../../i18n/time";
import { agentWords } from "../../state/agent";
import { useAct } from "../act";
import { useAnswer } from "../answer";
import { Dialog } from "../dialog";
import { Instant } from "../instant";
import { ProblemNote } from "../problem-note";

function Row({ visit, onEnd }: { visit: Visit; onEnd: (() => Promise<void>) | null }): JSX.Element {
  const texts = text.value.access;
  const { isBusy, problem, act } = useAct();
  const words = agentWords(visit.agent) ?? texts.unknownBrowser;
  return (
    <tr data-session={visit.id}>
      <th scope="row">
        <span title={visit.agent}>{words}</span>
        {visit.is_this && <em class="mark">{texts.thisOne}</em>}
      </th>
      <td data-label={texts.address} class="code">
        {visit.address}
      </td>
      <td data-label={texts.since}>
        <Instant at={visit.made_at}>{dateTime(visit.made_at)}</Instant>
      </td>
      <td data-label={texts.lastSeen}>
        <Instant at={visit.seen_at}>{dateTime(visit.seen_at)}</Instant>
      </td>
      <td class="row-acts">
        {onEnd && (
          <button
            type="button"
            class="quiet"
            disabled={isBusy}
            aria-label={`${texts.end}${text.value.colon}${words}, ${visit.address}`}
            onClick={() => void act(onEnd)}
          >
            {texts.end}
          </button>
        )}
        {problem && <ProblemNote problem={problem} />}
      </td>
    </tr>
  );
}

interface VisitsProps {
  visits: readonly Visit[] | null;
  problem: Problem | null;
  again: () => void;
  /** Null: they are only shown. */
  end: ((visit: Visit) => Promise<void>) | null;
}

/** Where somebody is signed in: by which browser, from where, since when. */
export function Visits({ visits, problem, again, end }: VisitsProps): JSX.Element {
  const texts = text.value.access;
  return (
    <>
      {problem && <ProblemNote problem={problem} retry={again} />}
      {!visits && !problem && <p class="waiting">{text.value.loading}</p>}
      {visits?.length === 0 && <p class="none">{texts.noSessions}</p>}
      {visits && visits.length > 0 && (
        <table class="list cards-on-phone visits">
          <thead>
            <tr>
              <th scope="col">{texts.sessions}</th>
              <th scope="col">{texts.address}</th>
              <th scope="col">{texts.since}</th>
              <th scope="col">{texts.lastSeen}</th>
              <th>
                <span class="unseen">{texts.end}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {visits.map((visit) => (
              <Row
                key={visit.id}
                visit={visit}
                onEnd={
                  end === null || visit.is_this
                    ? null
                    : async () => {
                        await end(visit);
                        again();
                      }
                }
              />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

/** Somebody else's sessions, which can be ended together. */
export function VisitsDialog({ person, onClose }: { person: Person; onClose: () => void }): JSX.Element {
  const texts = text.value.people;
  const { answer, problem, again } = useAnswer(String(person.id), (signal) => listVisitsOf(person.id, signal));
  const { isBusy, problem: endProblem, act } = useAct();
  const endAll = () =>
    act(async () => {
      await endVisitsOf(person.id);
      again();
    });
  return (
    <Dialog title={texts.sessionsOf(person.name)} onClose={onClose} isWide>
      <div class="dialog-body">
        <Visits visits={answer?.items ?? null} problem={problem} again={again} end={null} />
        {endProblem && <ProblemNote problem={endProblem} />}
      </div>
      <div class="buttons">
        {answer && answer.items.length > 0 && (
          <button type="button" class="danger" disabled={isBusy} onClick={() => void endAll()}>
            {text.value.access.endAll}
          </button>
        )}
        <button type="button" class="quiet" onClick={onClose}>
          {text.value.close}
        </button>
      </div>
    </Dialog>
  );
}
