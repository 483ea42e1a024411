import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { asProblem } from "../api/client";
import type { Problem } from "../api/problem";
import { readFlow, type FlowItem } from "../api/rules";
import type { Direction } from "../api/types";
import { text, word } from "../i18n";
import { hourTime, shortTime } from "../i18n/time";
import { ProblemNote } from "./problem-note";
import { useSize } from "./size";

const HOUR_MS = 3_600_000;
const HOURS = 24;
const POLL_MS = 30_000;
/** Height of all, of the hours' names under the bars, and the room between two bars, in pixels. */
const HEIGHT = 112;
const NAMES = 16;
const GAP = 2;
/** Every so many hours one is named. */
const NAMED = 6;

const WAYS: readonly Direction[] = ["left_to_right", "right_to_left"];

interface Bin {
  at: number;
  counts: Record<Direction, number>;
}

const hourOf = (ms: number): number => Math.floor(ms / HOUR_MS) * HOUR_MS;

/** Sums by hour and direction, hours without a crossing included. */
export function binsOf(items: readonly FlowItem[], first: number): Bin[] {
  const bins: Bin[] = Array.from({ length: HOURS }, (_, n) => ({
    at: first + n * HOUR_MS,
    counts: { left_to_right: 0, right_to_left: 0 },
  }));
  for (const { at, direction, count } of items) {
    const bin = bins[Math.floor((Date.parse(at) - first) / HOUR_MS)];
    if (bin) bin.counts[direction] += count;
  }
  return bins;
}

const totalOf = (bins: readonly Bin[], way: Direction): number => bins.reduce((sum, { counts }) => sum + counts[way], 0);

/** Bars up for one direction and down for the other, an hour each. */
function Bars({ bins, width }: { bins: readonly Bin[]; width: number }): JSX.Element {
  const most = Math.max(1, ...bins.flatMap(({ counts }) => WAYS.map((way) => counts[way])));
  const half = (HEIGHT - NAMES) / 2;
  const step = width / bins.length;
  const label = text.value.trial.flowOf(
    totalOf(bins, "left_to_right").toLocaleString(),
    totalOf(bins, "right_to_left").toLocaleString(),
  );
  return (
    <svg class="bars" width={width} height={HEIGHT} role="img" aria-label={label}>
      {bins.map(({ at, counts }, n) => (
        <g key={at}>
          <title>
            {`${shortTime(at)} · ${WAYS.map((way) => `${word("directions", way)} ${counts[way]}`).join(" · ")}`}
          </title>
          <rect x={n * step} y={0} width={step} height={HEIGHT - NAMES} class="ground" />
          {WAYS.map((way) => {
            const tall = (counts[way] / most) * (half - 1);
            const top = way === "left_to_right" ? half - tall : half + 1;
            return <rect key={way} class={way} x={n * step + GAP / 2} y={top} width={step - GAP} height={tall} />;
          })}
          {n % NAMED === 0 && (
            <text x={n * step} y={HEIGHT - 4}>
              {hourTime(at)}
            </text>
          )}
        </g>
      ))}
      <line x1={0} x2={width} y1={half + 0.5} y2={half + 0.5} />
    </svg>
  );
}

/** How many crossed a flow rule's line each way in the last 24 hours. */
export function FlowChart({ rule }: { rule: number }): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const [bins, setBins] = useState<Bin[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    const ask = async () => {
      const first = hourOf(Date.now()) - (HOURS - 1) * HOUR_MS;
      try {
        const found = await readFlow(rule, new Date(first).toISOString(), stop.signal);
        setBins(binsOf(found.items, first));
        setProblem(null);
      } catch (error) {
        if (!stop.signal.aborted) setProblem(asProblem(error));
      }
    };
    void ask();
    const timer = setInterval(() => document.hidden || void ask(), POLL_MS);
    return () => {
      clearInterval(timer);
      stop.abort();
    };
  }, [rule]);
  return (
    <figure class="flow" ref={frame}>
      <figcaption>
        {text.value.trial.flow}
        {bins &&
          WAYS.map((way) => (
            <span key={way} class={`key ${way}`}>
              {word("directions", way)} <b>{totalOf(bins, way).toLocaleString()}</b>
            </span>
          ))}
      </figcaption>
      {problem && <ProblemNote problem={problem} />}
      {bins && size && <Bars bins={bins} width={size.width} />}
    </figure>
  );
}
