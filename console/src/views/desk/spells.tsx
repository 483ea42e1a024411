import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { readSpells, type Spell } from "../../api/uptime";
import { text, word } from "../../i18n";
import { dateTime, dayOf, hourTime, length, now } from "../../i18n/time";
import { moodOf } from "../../state/cameras";
import { dayBefore } from "../../state/uptime";
import { useAnswer } from "../answer";
import { Instant } from "../instant";
import { ProblemNote } from "../problem-note";
import { useSize } from "../size";
import { moodOfSpell } from "./share-bar";

const DAYS = 7;
const POLL_MS = 30_000;
const DAY_MS = 86_400_000;
/** Height of a day's bar, the room between two, for a day's name, and for the hours below all, in pixels. */
const BAR = 16;
const GAP = 6;
const NAME = 76;
const HOURS = 16;
/** So many breaks are listed. */
const LISTED = 6;

const endOf = (spell: Spell): number => (spell.until_at === null ? now.value : Date.parse(spell.until_at));
const secondsOf = (spell: Spell): number => (endOf(spell) - Date.parse(spell.from_at)) / 1000;

function wordsOf(spell: Spell): string {
  const until = spell.until_at === null ? text.value.uptime.goesOn : dateTime(spell.until_at);
  return `${word("states", spell.state)} · ${dateTime(spell.from_at)} – ${until} · ${length(secondsOf(spell))} · ${spell.reason}`;
}

/** A bar for each day from midnight to midnight here, today's at the foot. */
function Timeline({ spells, width }: { spells: readonly Spell[]; width: number }): JSX.Element {
  const across = Math.max(60, width - NAME);
  const days = Array.from({ length: DAYS }, (_, n) => dayBefore(DAYS - 1 - n));
  return (
    <svg class="timeline" width={width} height={DAYS * (BAR + GAP) + HOURS} role="img" aria-label={text.value.uptime.timeline}>
      {days.map((day, n) => {
        const from = new Date(`${day}T00:00:00`).getTime();
        const top = n * (BAR + GAP);
        const within = spells.filter((spell) => endOf(spell) > from && Date.parse(spell.from_at) < from + DAY_MS);
        return (
          <g key={day}>
            <text x={0} y={top + BAR - 4}>
              {dayOf(day)}
            </text>
            <rect class="ground" x={NAME} y={top} width={across} height={BAR} />
            {within.map((spell) => {
              const begins = Math.max(0, (Date.parse(spell.from_at) - from) / DAY_MS);
              const ends = Math.min(1, (endOf(spell) - from) / DAY_MS);
              return (
                <rect
                  key={spell.from_at}
                  class={`mood-${moodOfSpell(spell.state)}`}
                  x={NAME + begins * across}
                  y={top}
                  width={Math.max(1, (ends - begins) * across)}
                  height={BAR}
                >
                  <title>{wordsOf(spell)}</title>
                </rect>
              );
            })}
          </g>
        );
      })}
      {[0, 6, 12, 18].map((hour) => (
        <text key={hour} x={NAME + (hour / 24) * across} y={DAYS * (BAR + GAP) + HOURS - 5}>
          {hourTime(new Date(2026, 0, 1, hour).getTime())}
        </text>
      ))}
    </svg>
  );
}

function Break({ spell }: { spell: Spell }): JSX.Element {
  return (
    <li class={`mood-${moodOfSpell(spell.state)}`}>
      <span class="badge">{word("states", spell.state)}</span> <b>{length(secondsOf(spell))}</b>{" "}
      <small>
        <Instant at={spell.from_at}>{dateTime(spell.from_at)}</Instant>
        {spell.until_at === null && ` · ${text.value.uptime.goesOn}`}
      </small>
      <small lang="en">{spell.reason}</small>
    </li>
  );
}

/** How a camera's stream was doing in the last days, and why. */
export function Spells({ camera }: { camera: number }): JSX.Element {
  const texts = text.value.uptime;
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const { answer, problem, again } = useAnswer(
    String(camera),
    (signal) => readSpells(camera, { from: dayBefore(DAYS), to: null }, signal),
    POLL_MS,
  );
  const since = new Date(`${dayBefore(DAYS - 1)}T00:00:00`).getTime();
  const breaks = answer?.items
    .filter((spell) => endOf(spell) > since)
    .filter(({ state }) => moodOf(state) !== "good")
    .toSorted((a, b) => secondsOf(b) - secondsOf(a))
    .slice(0, LISTED);
  return (
    <section class="group spells" aria-label={texts.timeline} ref={frame}>
      <h3>{texts.timeline}</h3>
      <small>{texts.timelineAbout}</small>
      {problem && <ProblemNote problem={problem} retry={again} />}
      {!answer && !problem && <p class="waiting">{text.value.loading}</p>}
      {answer?.items.length === 0 && <p class="none">{texts.noSpells}</p>}
      {answer && answer.items.length > 0 && size && <Timeline spells={answer.items} width={size.width} />}
      {answer && answer.items.length > 0 && breaks?.length === 0 && <p class="none">{texts.noFaults}</p>}
      {breaks && breaks.length > 0 && (
        <>
          <h4>{texts.longest}</h4>
          <ul class="breaks">
            {breaks.map((spell) => (
              <Break key={spell.from_at} spell={spell} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
