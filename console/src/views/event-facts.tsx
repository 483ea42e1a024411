import type { JSX } from "preact";
import { listMembers } from "../api/events";
import type { Course, EventRecord } from "../api/types";
import { joined, labelName, text, word } from "../i18n";
import { clockTime, lasted, longDay } from "../i18n/time";
import { linkTo, NO_FILTERS, route } from "../route";
import { useAnswer } from "./answer";
import { Icon } from "./icons";
import { Instant } from "./instant";
import { ProblemNote } from "./problem-note";

/** Where in the picture: the zone, the line, or all of it; nothing for a stream that was lost. */
function placeOf(event: EventRecord): string {
  const texts = text.value;
  const named = [event.zone?.name, event.line && texts.atLine(event.line.name)].filter((part) => part != null);
  if (named.length > 0) return joined(named);
  return event.kind === "stream_lost" ? "" : texts.whole;
}

function Ended({ event }: { event: EventRecord }): JSX.Element {
  const texts = text.value;
  if (event.ended_at === null) return <em class="ongoing">{`${texts.ongoing} · ${lasted(event)}`}</em>;
  const because = event.end_reason ? ` · ${texts.because(word("endReasons", event.end_reason))}` : "";
  return (
    <>
      <Instant at={event.ended_at}>{clockTime(event.ended_at)}</Instant> <small>{`${lasted(event)}${because}`}</small>
    </>
  );
}

/** How the object moved: speed, heading with an arrow that points there, and how sure the detector was on the way. */
function CourseFacts({ course }: { course: Course }): JSX.Element {
  const texts = text.value;
  const heading = course.heading_deg;
  const eighth = heading === null ? null : texts.headings[Math.round(heading / 45) % 8];
  return (
    <>
      {heading === null ? (
        texts.stayed
      ) : (
        <>
          <span class="heading" style={{ transform: `rotate(${heading}deg)` }}>
            <Icon name="arrow" />
          </span>{" "}
          {texts.heading(`${eighth} (${Math.round(heading)}°)`)}
        </>
      )}{" "}
      <small>
        {`${texts.speedOf((course.speed * 100).toFixed(1))} · ${texts.meanScore} ${course.mean_score.toFixed(2)}`}
      </small>
    </>
  );
}

/** The cameras that were lost together: asked for again with each version of the event. */
function Members({ event }: { event: EventRecord }): JSX.Element {
  const texts = text.value;
  const { answer, problem } = useAnswer(`${event.id}/${event.version}`, (signal) => listMembers(event.id, signal));
  return (
    <>
      <dt>{texts.lostTogether}</dt>
      <dd>
        {problem && <ProblemNote problem={problem} />}
        {answer && (
          <ul class="members">
            {answer.items.map(({ camera, lost_at, ended_at }) => (
              <li key={camera.id}>
                <a href={linkTo({ site: camera.id }, route.value)}>{camera.name}</a>{" "}
                <small>
                  <Instant at={lost_at}>{clockTime(lost_at)}</Instant> –{" "}
                  {ended_at === null ? texts.ongoing : <Instant at={ended_at}>{clockTime(ended_at)}</Instant>}
                </small>
              </li>
            ))}
            {answer.next && <li>…</li>}
          </ul>
        )}
      </dd>
    </>
  );
}

/** What is known of an event, in words; what it has not is left out. */
export function EventFacts({ event }: { event: EventRecord }): JSX.Element {
  const texts = text.value;
  const place = placeOf(event);
  return (
    <dl class="facts">
      <dt>{texts.what}</dt>
      <dd>
        {labelName(event.label)}{" "}
        {event.score !== null && <small>{`${texts.bestScore} ${event.score.toFixed(2)}`}</small>}
      </dd>
      {event.count !== null && (
        <>
          <dt>{texts.count}</dt>
          <dd>
            {event.count.toLocaleString()} <small>{event.kind === "flow" ? texts.inWorstMinute : texts.atMost}</small>
          </dd>
        </>
      )}
      <dt>{texts.where}</dt>
      <dd>
        <a href={linkTo({ ...NO_FILTERS, cameras: [event.camera.id] }, route.value)}>{event.camera.name}</a>{" "}
        <small>{[place, event.department.name].filter(Boolean).join(" · ")}</small>
      </dd>
      {event.kind === "stream_lost" && (event.count ?? 0) > 1 && <Members event={event} />}
      {event.direction !== null && (
        <>
          <dt>{texts.direction}</dt>
          <dd>{word("directions", event.direction)}</dd>
        </>
      )}
      {event.course !== null && (
        <>
          <dt>{texts.course}</dt>
          <dd>
            <CourseFacts course={event.course} />
          </dd>
        </>
      )}
      <dt>{texts.when}</dt>
      <dd>
        <Instant at={event.started_at}>{`${longDay(event.started_at)} ${clockTime(event.started_at)}`}</Instant>
      </dd>
      <dt>{texts.ended}</dt>
      <dd>
        <Ended event={event} />
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
