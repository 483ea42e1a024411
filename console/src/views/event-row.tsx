import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { EventRecord } from "../api/types";
import { labelName, text, word } from "../i18n";
import { clockTime, lasted } from "../i18n/time";
import { linkTo, route } from "../route";
import { shownState } from "../state/medium";
import { isUnshared, noteUnshared } from "../state/unshared";
import { Icon } from "./icons";
import { Instant } from "./instant";
import { SeverityTag } from "./severity";

/** An event that started within this time before its row appears has just happened: the row lights up once. */
const FRESH_MS = 8_000;

function Thumbnail({ event }: { event: EventRecord }): JSX.Element {
  const { snapshot } = event.media;
  const { id } = event.camera;
  if (snapshot.state === "ready" && snapshot.url && !isUnshared(id)) {
    // What is not shared does not load: the open event says why.
    return <img class="thumbnail" src={snapshot.url} alt="" loading="lazy" decoding="async" onError={() => noteUnshared(id)} />;
  }
  const isPending = shownState(event, "snapshot") === "pending";
  const words = isPending ? text.value.picturePending : text.value.noPicture;
  return (
    <span class="thumbnail none" title={snapshot.reason ?? words}>
      <Icon name={isPending ? "busy" : "noPicture"} />
      {words}
    </span>
  );
}

/** The rule, and where in the picture it looked, as far as that is not all of it. */
function placed(event: EventRecord): string {
  return [event.rule.name, event.zone?.name, event.line?.name].filter(Boolean).join(" · ");
}

export function EventRow({ event, isOpen }: { event: EventRecord; isOpen: boolean }): JSX.Element {
  const [isFresh] = useState(() => Date.now() - Date.parse(event.started_at) < FRESH_MS);
  return (
    <li class={isFresh ? "fresh" : undefined}>
      <a
        class={`row s${event.severity}`}
        href={linkTo({ open: event.id }, route.value)}
        data-event={event.id}
        aria-current={isOpen ? "true" : undefined}
      >
        <Thumbnail event={event} />
        <span class="row-head">
          <b>{event.count === null ? labelName(event.label) : `${labelName(event.label)} × ${event.count}`}</b>
          <SeverityTag severity={event.severity} />
          <Instant at={event.started_at}>{clockTime(event.started_at)}</Instant>
        </span>
        <span class="row-where">
          {event.direction ? `${event.camera.name} · ${word("directions", event.direction)}` : event.camera.name}
        </span>
        <span class="row-rule">
          <span>{placed(event)}</span>
          <span class="row-end">
            {event.ended_at ? lasted(event) : <em class="ongoing">{text.value.ongoing}</em>}
            {event.score !== null && <span title={text.value.bestScore}>{event.score.toFixed(2)}</span>}
          </span>
        </span>
      </a>
    </li>
  );
}
