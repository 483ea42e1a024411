import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { DELIVERY_STATES, listDeliveries, type Delivery, type DeliveryFilter } from "../../api/deliveries";
import type { Subscription } from "../../api/subscriptions";
import { desk, linkWith, setQuery } from "../../desk";
import { text } from "../../i18n";
import { clockTime, nearTime } from "../../i18n/time";
import { TimeChip } from "../desk/time-chip";
import { Icon } from "../icons";
import { Instant } from "../instant";
import { usePages } from "../pages";
import { ProblemNote } from "../problem-note";
import { DeliveryBadge } from "./badges";
import { ReplaySpan } from "./replay-span";

const POLL_MS = 5_000;

/** What a delivery tells, in few words. */
export function tellsWords({ kind, moment, replay_of: replayOf }: Delivery): string {
  const texts = text.value.deliveries;
  const name = moment === "started" || moment === "ended" ? ` · ${text.value.alerts.momentNames[moment]}` : "";
  const again = replayOf === null ? "" : ` · ${texts.replayed(replayOf)}`;
  return `${texts.kinds[kind]}${kind === "event" ? name : ""}${again}`;
}

function Row({ delivery }: { delivery: Delivery }): JSX.Element {
  const texts = text.value.deliveries;
  const { at, what, state, tries, took } = texts.columns;
  return (
    <tr data-delivery={delivery.id}>
      <th scope="row" data-label={at}>
        <a href={linkWith({ delivery: String(delivery.id) })} aria-label={texts.delivery(delivery.id)}>
          <Instant at={delivery.made_at}>{nearTime(delivery.made_at)}</Instant>
        </a>
      </th>
      <td data-label={what}>{tellsWords(delivery)}</td>
      <td data-label={state}>
        <DeliveryBadge state={delivery.state} />{" "}
        {delivery.reason && <small lang="en">{delivery.reason}</small>}{" "}
        {delivery.due_at !== null && delivery.attempts > 0 && <small>{texts.nextTry(clockTime(delivery.due_at))}</small>}
      </td>
      <td data-label={tries}>{delivery.attempts}</td>
      <td data-label={took}>
        {delivery.ended_at === null ? (
          <small>–</small>
        ) : (
          <Instant at={delivery.ended_at}>{nearTime(delivery.ended_at)}</Instant>
        )}
      </td>
    </tr>
  );
}

interface DeliveriesProps {
  subscription: Subscription;
  /** What the page knows of the test: the list is asked for again when it changes. */
  test: string | null;
}

/** What was told, the newest first: by state and time, as the link says. */
export function Deliveries({ subscription, test }: DeliveriesProps): JSX.Element {
  const texts = text.value.deliveries;
  const [isReplaying, setReplaying] = useState(false);
  const query = desk.value?.query ?? new URLSearchParams();
  const filter: DeliveryFilter = {
    state: DELIVERY_STATES.find((one) => one === query.get("state")) ?? null,
    from: query.get("from"),
    to: query.get("to"),
  };
  const isFiltered = filter.state !== null || filter.from !== null || filter.to !== null;
  const { items, hasMore, problem, showMore, again } = usePages(
    JSON.stringify([subscription.id, filter]),
    (cursor, signal) => listDeliveries(subscription.id, filter, cursor, signal),
    POLL_MS,
  );
  useEffect(() => {
    if (test !== null) again();
  }, [test]);
  const { at, what, state, tries, took } = texts.columns;
  return (
    <section class="group counts deliveries" aria-label={texts.title}>
      <header class="group-head">
        <h3>{texts.title}</h3>
        {subscription.may_change && (
          <button type="button" class="quiet" onClick={() => setReplaying(true)}>
            <Icon name="upload" />
            {texts.replaySpan}
          </button>
        )}
      </header>
      <div class="tools" role="search">
        <select
          class="among"
          aria-label={state}
          value={filter.state ?? ""}
          onChange={(event) => setQuery({ state: event.currentTarget.value || null })}
        >
          <option value="">{texts.anyState}</option>
          {DELIVERY_STATES.map((one) => (
            <option key={one} value={one}>
              {texts.states[one]}
            </option>
          ))}
        </select>
        <TimeChip from={filter.from} to={filter.to} name={texts.time} />
      </div>
      {problem && <ProblemNote problem={problem} retry={again} />}
      {!items && !problem && <p class="waiting">{text.value.loading}</p>}
      {items?.length === 0 && <p class="none">{isFiltered ? texts.noDeliveryFound : texts.noDeliveries}</p>}
      {items && items.length > 0 && (
        <table class="list cards-on-phone">
          <thead>
            <tr>
              {[at, what, state, tries, took].map((words) => (
                <th key={words} scope="col">
                  {words}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.map((one) => (
              <Row key={one.id} delivery={one} />
            ))}
          </tbody>
        </table>
      )}
      {hasMore && (
        <button type="button" class="quiet more" onClick={showMore}>
          {text.value.alerts.more}
        </button>
      )}
      {isReplaying && (
        <ReplaySpan
          subscription={subscription.id}
          from={filter.from}
          to={filter.to}
          onDone={again}
          onClose={() => setReplaying(false)}
        />
      )}
    </section>
  );
}
