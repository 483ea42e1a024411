import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { asProblem } from "../api/client";
import type { Problem } from "../api/problem";
import { tryRule, type Terms, type Trial, type TrialEvent } from "../api/rules";
import type { Direction, RuleKind } from "../api/types";
import { joined, labelName, text, word } from "../i18n";
import { clockTime, lasted } from "../i18n/time";
import { AccountOf } from "./account";
import { Instant } from "./instant";

const LAST_S = 3_600;
const MOST_SHOWN = 100;

export interface Trying {
  isBusy: boolean;
  /** What the rule would have done: of the terms that were tried last. */
  result: { trial: Trial; kind: RuleKind } | null;
  problem: Problem | null;
  start: (terms: Terms) => void;
  /** Forget the result and give up what is running: the rule is not the same any more. */
  reset: () => void;
}

/** Tries a rule on the last hour of a camera. */
export function useTrial(camera: number): Trying {
  const [running, setRunning] = useState<AbortController | null>(null);
  const [result, setResult] = useState<Trying["result"]>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => () => running?.abort(), [running]);
  const reset = () => {
    setRunning(null);
    setResult(null);
    setProblem(null);
  };
  const start = async (terms: Terms) => {
    const stop = new AbortController();
    reset();
    setRunning(stop);
    try {
      const trial = await tryRule(camera, terms, LAST_S, stop.signal);
      if (!stop.signal.aborted) setResult({ trial, kind: terms.kind });
    } catch (error) {
      if (!stop.signal.aborted) setProblem(asProblem(error));
    } finally {
      if (!stop.signal.aborted) setRunning(null);
    }
  };
  return { isBusy: running !== null, result, problem, start: (terms) => void start(terms), reset };
}

function EventLine({ event }: { event: TrialEvent }): JSX.Element {
  const texts = text.value;
  const what = event.count === null ? labelName(event.label) : `${labelName(event.label)} × ${event.count}`;
  const rest = [
    event.direction && word("directions", event.direction),
    event.ended_at === null ? texts.trial.stillGoingOn : lasted(event),
    event.score !== null && `${texts.score} ${event.score.toFixed(2)}`,
  ].filter((part): part is string => typeof part === "string");
  return (
    <li>
      <Instant at={event.started_at}>{clockTime(event.started_at)}</Instant> <b>{what}</b>{" "}
      <small>{rest.join(" · ")}</small>
    </li>
  );
}

function FlowSums({ trial }: { trial: Trial }): JSX.Element {
  const sum = (way: Direction) =>
    trial.flow.reduce((total, { direction, count }) => total + (direction === way ? count : 0), 0);
  const ways = (["left_to_right", "right_to_left"] as const).map((way) => `${word("directions", way)} ${sum(way)}`);
  const texts = text.value.trial;
  return <p>{trial.flow.length === 0 ? texts.noFlow : `${texts.wouldHaveCounted}${text.value.colon}${joined(ways)}`}</p>;
}

function Result({ trial, kind }: { trial: Trial; kind: RuleKind }): JSX.Element {
  const texts = text.value.trial;
  const { events } = trial;
  const more = events.length - MOST_SHOWN;
  return (
    <>
      <h3>{texts.wouldHaveMade(events.length)}</h3>
      {trial.looks === 0 ? <p>{texts.noLog}</p> : <small>{texts.seen(trial.looks)}</small>}
      {trial.hint && <small lang="en">{trial.hint}</small>}
      {events.length > 0 && (
        <ol class="tried">
          {events.slice(0, MOST_SHOWN).map((event, n) => (
            <EventLine key={n} event={event} />
          ))}
          {more > 0 && <li>{texts.andMore(more)}</li>}
        </ol>
      )}
      {kind === "flow" && trial.looks > 0 && <FlowSums trial={trial} />}
      {trial.looks > 0 && <AccountOf account={trial.account} kind={kind} />}
    </>
  );
}

/** How a trial is going, and what came of it. */
export function TrialPanel({ trying }: { trying: Trying }): JSX.Element {
  const texts = text.value.trial;
  const { isBusy, result } = trying;
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isBusy || result) panel.current?.scrollIntoView({ block: "nearest" });
  }, [isBusy, result]);
  return (
    <div class="trial" ref={panel} role="status" aria-busy={isBusy}>
      {isBusy && (
        <div class="inline">
          <progress aria-label={texts.trying} />
          <span>{texts.trying}</span>
          <button type="button" class="quiet" onClick={trying.reset}>
            {text.value.cancel}
          </button>
        </div>
      )}
      {result && <Result trial={result.trial} kind={result.kind} />}
    </div>
  );
}
