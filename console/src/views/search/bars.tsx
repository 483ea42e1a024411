import type { JSX } from "preact";
import type { Histogram } from "../../api/counts";
import { text } from "../../i18n";
import { markOf } from "../../i18n/time";

/** Height of the bars, and of the room for names below them, in pixels. */
export const HEIGHT = 64;
export const NAMES = 16;
/** A mark needs so much room. */
const MARK_WIDTH = 84;
const DAY_MS = 86_400_000;

/** Time zone of the buckets where they are days or longer; shorter ones are told by the clocks here. */
export const daysOf = ({ bucket, time_zone }: Histogram): string | null =>
  bucket === "day" || bucket === "week" || bucket === "month" ? time_zone : null;

/** Where an instant lies on the chart. */
export function acrossOf({ from, to }: Histogram, width: number): (instant: string) => number {
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  return (instant) => {
    const share = (Date.parse(instant) - begin) / Math.max(1, end - begin);
    return Math.min(1, Math.max(0, share)) * width;
  };
}

interface BarsProps {
  shown: Histogram;
  width: number;
  /** The bars that are pointed at or chosen: the first and the last one. */
  marked: readonly [number, number] | null;
}

/** The chart itself. What was not counted is hatched, and has no bars. */
export function Bars({ shown, width, marked }: BarsProps): JSX.Element {
  const { buckets, counted_to: countedTo } = shown;
  const across = acrossOf(shown, width);
  const most = Math.max(1, ...buckets.map(({ count }) => count));
  const edge = countedTo === null ? 0 : across(countedTo);
  const every = Math.max(1, Math.ceil(MARK_WIDTH / (width / Math.max(1, buckets.length))));
  // The first bar may be cut short, and have no room for a mark of its own.
  const isCramped = across(buckets[every]?.start ?? shown.to) < MARK_WIDTH;
  const hasMark = (n: number, left: number) => n % every === 0 && !(n === 0 && isCramped) && left + MARK_WIDTH <= width;
  const hasDates = Date.parse(shown.to) - Date.parse(shown.from) > DAY_MS;
  return (
    <svg width={width} height={HEIGHT + NAMES} role="img" aria-label={text.value.search.overTime}>
      <defs>
        <pattern id="not-counted" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line x1="0" y1="0" x2="0" y2="6" />
        </pattern>
      </defs>
      {edge > 0 && (
        <g class="not-counted">
          <rect x={0} y={0} width={edge} height={HEIGHT} fill="url(#not-counted)" />
          <line x1={edge} y1={0} x2={edge} y2={HEIGHT} />
        </g>
      )}
      {buckets.map(({ start, end, count }, n) => {
        const [left, right] = [across(start), across(end)];
        const tall = count === 0 ? 0 : Math.max(2, (count / most) * HEIGHT);
        const isMarked = marked !== null && n >= marked[0] && n <= marked[1];
        const gap = right - left > 4 ? 1 : 0;
        return (
          <g key={start} data-start={start} data-count={count} class={isMarked ? "bar marked" : "bar"}>
            {isMarked && <rect class="ground" x={left} y={0} width={right - left} height={HEIGHT} />}
            <rect x={left + gap / 2} y={HEIGHT - tall} width={Math.max(0.5, right - left - gap)} height={tall} />
            {hasMark(n, left) && (
              <text x={left} y={HEIGHT + NAMES - 4}>
                {markOf(start, daysOf(shown), hasDates)}
              </text>
            )}
          </g>
        );
      })}
      <line class="foot" x1={0} y1={HEIGHT + 0.5} x2={width} y2={HEIGHT + 0.5} />
    </svg>
  );
}
