import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { labelName, text } from "../i18n";
import { clockTime } from "../i18n/time";
import { route } from "../route";
import { closeEvent, openNeighbour } from "../state/moves";
import { neighbours, openEvent, openProblem } from "../state/open-event";
import { Around } from "./around";
import { Clip } from "./clip";
import { EventFacts } from "./event-facts";
import { HoldEvent } from "./hold-event";
import { Icon } from "./icons";
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
  const { above, below } = neighbours.value;
  const isUpward = route.value.order === "oldest";
  const [up, down] = isUpward ? [texts.next, texts.previous] : [texts.previous, texts.next];
  return (
    <div class="actions">
      <CopyLink />
      <button type="button" class="bare" disabled={above === null} onClick={() => openNeighbour("above")} title={up} aria-label={up}>
        <Icon name="up" />
      </button>
      <button type="button" class="bare" disabled={below === null} onClick={() => openNeighbour("below")} title={down} aria-label={down}>
        <Icon name="down" />
      </button>
      <button type="button" class="bare" onClick={closeEvent} title={texts.close} aria-label={texts.close}>
        <Icon name="close" />
      </button>
    </div>
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
          <EventFacts event={event} />
          <HoldEvent key={`hold ${event.id}`} event={event} />
          <div class="nearby">
            <Around key={event.id} event={event} />
          </div>
        </>
      )}
    </section>
  );
}
