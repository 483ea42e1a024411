import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { EventRecord } from "../api/types";
import { labelName, text, word } from "../i18n";
import { clockTime, lasted, longDay } from "../i18n/time";
import { linkTo, NO_FILTERS, route } from "../route";
import { closeEvent, openNeighbour } from "../state/moves";
import { neighbours, openEvent, openProblem } from "../state/open-event";
import { Clip } from "./clip";
import { Icon } from "./icons";
import { Instant } from "./instant";
import { ProblemNote } from "./problem-note";
import { SeverityTag } from "./severity";
import { Snapshot } from "./snapshot";

function CopyLink(): JSX.Element {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(location.href);
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  };
  return (
    <button type="button" class="bare" onClick={copy} title={text.value.copyLink} aria-label={text.value.copyLink}>
      <Icon name="link" />
      <span role="status">{isCopied && text.value.copied}</span>
    </button>
  );
}

function Moves(): JSX.Element {
  const texts = text.value;
  const { newer, older } = neighbours.value;
  return (
    <div class="actions">
      <CopyLink />
      <button type="button" class="bare" disabled={newer === null} onClick={() => openNeighbour("newer")} title={texts.previous} aria-label={texts.previous}>
        <Icon name="up" />
      </button>
      <button type="button" class="bare" disabled={older === null} onClick={() => openNeighbour("older")} title={texts.next} aria-label={texts.next}>
        <Icon name="down" />
      </button>
      <button type="button" class="bare" onClick={closeEvent} title={texts.close} aria-label={texts.close}>
        <Icon name="close" />
      </button>
    </div>
  );
}

function Facts({ event }: { event: EventRecord }): JSX.Element {
  const texts = text.value;
  return (
    <dl class="facts">
      <dt>{texts.what}</dt>
      <dd>
        {labelName(event.label)}{" "}
        {event.score !== null && <small>{`${texts.bestScore} ${event.score.toFixed(2)}`}</small>}
      </dd>
      <dt>{texts.where}</dt>
      <dd>
        <a href={linkTo({ ...NO_FILTERS, cameras: [event.camera.id] }, route.value)}>{event.camera.name}</a>{" "}
        <small>{`${event.zone?.name ?? texts.whole} · ${event.department.name}`}</small>
      </dd>
      <dt>{texts.when}</dt>
      <dd>
        <Instant at={event.started_at}>{`${longDay(event.started_at)} ${clockTime(event.started_at)}`}</Instant>
      </dd>
      <dt>{texts.ended}</dt>
      <dd>
        {event.ended_at === null ? (
          <em class="ongoing">{`${texts.ongoing} · ${lasted(event)}`}</em>
        ) : (
          <>
            <Instant at={event.ended_at}>{clockTime(event.ended_at)}</Instant>{" "}
            <small>
              {`${lasted(event)}${event.end_reason ? ` · ${texts.because(word("endReasons", event.end_reason))}` : ""}`}
            </small>
          </>
        )}
      </dd>
      <dt>{texts.rule}</dt>
      <dd>
        {event.rule.name}{" "}
        <small>{`${word("kinds", event.kind)} · GB/T 28181 ${event.alarm.method}/${event.alarm.type}`}</small>
      </dd>
      <dt>{texts.number}</dt>
      <dd class="number">{event.id}</dd>
    </dl>
  );
}

/** One event: what, where, when, by which rule; its picture with the box; its clip. */
export function EventDetail(): JSX.Element {
  const section = useRef<HTMLElement>(null);
  const event = openEvent.value;
  const problem = openProblem.value;
  const id = route.value.open;
  useEffect(() => {
    section.current?.scrollTo({ top: 0 });
  }, [id]);
  return (
    <section class="detail" ref={section} aria-label={text.value.event} data-open={id ?? undefined}>
      <header>
        {event ? (
          <h2>
            {labelName(event.label)}
            <SeverityTag severity={event.severity} />
            <small>
              {event.camera.name} · {clockTime(event.started_at)}
            </small>
          </h2>
        ) : (
          <h2>{text.value.event}</h2>
        )}
        <Moves />
      </header>
      {problem && !event && <ProblemNote problem={problem} />}
      {!problem && !event && <p class="waiting">{text.value.loading}</p>}
      {event && (
        <>
          <div class="media">
            <Snapshot event={event} />
            <Clip key={event.id} event={event} />
          </div>
          <Facts event={event} />
        </>
      )}
    </section>
  );
}
