import type { JSX } from "preact";
import { readDelivery, replayDelivery, type WholeDelivery } from "../../api/deliveries";
import { linkWith, setQuery } from "../../desk";
import { text } from "../../i18n";
import { clockTime, dateTime } from "../../i18n/time";
import { goTo } from "../../route";
import { useAct } from "../act";
import { useAnswer } from "../answer";
import { eventLink } from "../desk/audit-detail";
import { Dialog } from "../dialog";
import { Instant } from "../instant";
import { ProblemNote } from "../problem-note";
import { Attempts } from "./attempts";
import { DeliveryBadge } from "./badges";
import { tellsWords } from "./deliveries";

const POLL_MS = 2_000;
/** So many events of a group the server tells. */
const MOST_EVENTS = 100;

function Facts({ delivery }: { delivery: WholeDelivery }): JSX.Element {
  const texts = text.value.deliveries;
  const { reason, due_at: due, first_try_at: first, ended_at: ended, replay_of: replayOf, events } = delivery;
  return (
    <dl class="facts">
      <dt>{texts.tells}</dt>
      <dd>
        {replayOf === null ? tellsWords(delivery) : <a href={linkWith({ delivery: String(replayOf) })}>{tellsWords(delivery)}</a>}
        {events.length > 0 && (
          <span class="shown-ids">
            {events.map((id) => (
              <a key={id} href={eventLink(id)}>
                {id}
              </a>
            ))}
            {events.length >= MOST_EVENTS && <small>{texts.moreEvents}</small>}
          </span>
        )}
      </dd>
      <dt>{texts.columns.state}</dt>
      <dd>
        <DeliveryBadge state={delivery.state} />
        {due !== null && delivery.attempts > 0 && <small>{texts.nextTry(clockTime(due))}</small>}
      </dd>
      {reason && (
        <>
          <dt>{texts.reason}</dt>
          <dd lang="en">{reason}</dd>
        </>
      )}
      <dt>{texts.messageId}</dt>
      <dd class="code">{delivery.message_id}</dd>
      <dt>{texts.madeAt}</dt>
      <dd>
        <Instant at={delivery.made_at}>{dateTime(delivery.made_at)}</Instant>
      </dd>
      {first !== null && (
        <>
          <dt>{texts.firstTry}</dt>
          <dd>
            <Instant at={first}>{clockTime(first)}</Instant>
          </dd>
        </>
      )}
      {ended !== null && (
        <>
          <dt>{texts.endedAt}</dt>
          <dd>
            <Instant at={ended}>{clockTime(ended)}</Instant>
          </dd>
        </>
      )}
    </dl>
  );
}

interface DeliveryProps {
  id: number;
  mayReplay: boolean;
  onDone: () => void;
}

/** One delivery with its attempts. The link says which is open. */
export function DeliveryDialog({ id, mayReplay, onDone }: DeliveryProps): JSX.Element {
  const texts = text.value.deliveries;
  const { answer, problem } = useAnswer(String(id), (signal) => readDelivery(id, signal), POLL_MS);
  const { isBusy, problem: refused, act } = useAct();
  const fault = refused ?? problem;
  const close = () => setQuery({ delivery: null });
  const replay = () =>
    act(async () => {
      const made = await replayDelivery(id);
      onDone();
      goTo(linkWith({ delivery: String(made.id) }));
    });
  return (
    <Dialog title={texts.delivery(id)} onClose={close} isWide>
      <div class="dialog-body delivery" data-delivery-open={id}>
        {fault && <ProblemNote problem={fault} />}
        {!answer && !problem && <p class="waiting">{text.value.loading}</p>}
        {answer && (
          <>
            <Facts delivery={answer} />
            <h3>{texts.attempts}</h3>
            {answer.tries.length === 0 ? <p class="none">{texts.noAttempts}</p> : <Attempts tries={answer.tries} />}
          </>
        )}
      </div>
      <div class="buttons">
        <button type="button" class="quiet" onClick={close} autofocus>
          {text.value.close}
        </button>
        {mayReplay && answer !== null && answer.state !== "waiting" && answer.kind !== "test" && (
          <button type="button" class="main" disabled={isBusy} onClick={() => void replay()}>
            {isBusy ? text.value.busy : texts.replay}
          </button>
        )}
      </div>
    </Dialog>
  );
}
