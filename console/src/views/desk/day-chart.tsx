import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { Uptime } from "../../api/uptime";
import { text } from "../../i18n";
import { dayOf, length } from "../../i18n/time";
import { useSize } from "../size";
import { moodOfShare, percent } from "./share-bar";

/** Height of the bars, the room for names below them, and between two bars, in pixels. */
const HEIGHT = 120;
const NAMES = 18;
const GAP = 3;
/** A day's name needs so much room. */
const NAME_WIDTH = 76;
/** The share at the foot of the chart: what is below it is told, and drawn as the shortest bar. */
const STEPS = [0.9, 0.5, 0] as const;

/** The highest foot under which no day falls: shares near 1 would all look alike from 0. */
export function footOf(days: readonly Uptime[]): number {
  const least = Math.min(1, ...days.flatMap(({ share }) => share ?? []));
  return STEPS.find((step) => least >= step) ?? 0;
}

/** Uptime day by day, as bars. */
export function DayChart({ days }: { days: readonly Uptime[] }): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const foot = footOf(days);
  const texts = text.value.uptime;
  const step = (size?.width ?? 0) / Math.max(1, days.length);
  const named = Math.max(1, Math.ceil(NAME_WIDTH / Math.max(1, step)));
  return (
    <figure class="day-chart" ref={frame}>
      <figcaption>
        {texts.byDay}
        <small>{`${percent(foot)} – 100 %`}</small>
      </figcaption>
      {size && (
        <svg width={size.width} height={HEIGHT + NAMES} role="img" aria-label={texts.byDay}>
          {days.map((day, n) => {
            const tall = day.share === null ? 0 : Math.max(3, ((day.share - foot) / (1 - foot)) * HEIGHT);
            const words =
              day.share === null
                ? texts.notWatched
                : `${percent(day.share)} · ${texts.offline} ${length(day.watched_s - day.online_s)}`;
            return (
              <g key={day.key} class={`mood-${day.share === null ? "quiet" : moodOfShare(day.share)}`}>
                <title>{`${dayOf(day.key)} · ${words}`}</title>
                <rect class="ground" x={n * step + GAP / 2} y={0} width={Math.max(1, step - GAP)} height={HEIGHT} />
                <rect x={n * step + GAP / 2} y={HEIGHT - tall} width={Math.max(1, step - GAP)} height={tall} />
                {n % named === 0 && (n === 0 || n * step + NAME_WIDTH <= size.width) && (
                  <text x={n * step + GAP / 2} y={HEIGHT + NAMES - 4}>
                    {dayOf(day.key)}
                  </text>
                )}
              </g>
            );
          })}
        </svg>
      )}
    </figure>
  );
}
