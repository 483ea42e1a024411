import type { JSX } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import type { Histogram as Counted } from "../../api/counts";
import { text } from "../../i18n";
import { spanBetween, zoneHere } from "../../i18n/time";
import { go, route } from "../../route";
import { facets, histogram } from "../../state/counts";
import { rangeOfBars, widened } from "../../state/time-range";
import { Icon } from "../icons";
import { useSize } from "../size";
import { acrossOf, Bars, daysOf, HEIGHT, NAMES } from "./bars";

/** The bars between the one where a choice began and the one where it is. */
interface Choice {
  anchor: number;
  at: number;
}

const sorted = ({ anchor, at }: Choice): [number, number] => [Math.min(anchor, at), Math.max(anchor, at)];

/** What the chosen bars say. */
function wordsOf(shown: Counted, [first, last]: readonly [number, number]): string {
  const texts = text.value.search;
  const chosen = shown.buckets.slice(first, last + 1);
  const [start, end] = [chosen[0]?.start, chosen.at(-1)?.end];
  if (start === undefined || end === undefined) return "";
  const span = spanBetween(start, end, daysOf(shown));
  const { counted_to: countedTo } = shown;
  if (countedTo !== null && Date.parse(end) <= Date.parse(countedTo)) return texts.bucket(span, texts.notCounted);
  const count = chosen.reduce((sum, bucket) => sum + bucket.count, 0);
  const isPart = countedTo !== null && Date.parse(start) < Date.parse(countedTo);
  const told = isPart ? texts.atLeast(count.toLocaleString()) : count.toLocaleString();
  return texts.bucket(span, texts.found(told, count === 1 && !isPart));
}

interface ChartProps {
  shown: Counted;
  width: number;
}

/** The bars with what pointer and keys do on them: look at one, choose some, look into them. */
function Chart({ shown, width }: ChartProps): JSX.Element {
  const texts = text.value.search;
  const how = useId();
  const [choice, setChoice] = useState<Choice | null>(null);
  const isDragging = useRef(false);
  const across = acrossOf(shown, width);
  const lastBar = shown.buckets.length - 1;
  const barAt = (x: number): number => {
    const found = shown.buckets.findIndex(({ end }) => across(end) > x);
    return found < 0 ? lastBar : found;
  };
  const lookInto = (chosen: Choice) => {
    const range = rangeOfBars(shown, ...sorted(chosen));
    setChoice(null);
    if (range) go(range);
  };
  const lookWider = () => {
    const range = widened(route.peek(), Date.now());
    if (range) go(range);
  };

  const onMove = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const at = barAt(event.clientX - event.currentTarget.getBoundingClientRect().left);
    setChoice(isDragging.current && choice !== null ? { ...choice, at } : { anchor: at, at });
  };
  const onDown = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = barAt(event.clientX - event.currentTarget.getBoundingClientRect().left);
    isDragging.current = true;
    setChoice({ anchor: at, at });
  };
  const onUp = () => {
    if (!isDragging.current) return;
    isDragging.current = false;
    if (choice !== null) lookInto(choice);
  };
  const onLeave = () => {
    if (!isDragging.current) setChoice(null);
  };
  const onCancel = () => {
    isDragging.current = false;
    setChoice(null);
  };

  const step = (to: number, withShift: boolean) => {
    const at = Math.min(lastBar, Math.max(0, to));
    setChoice({ anchor: withShift && choice !== null ? choice.anchor : at, at });
  };
  const onKey = (event: KeyboardEvent) => {
    const at = choice?.at ?? lastBar + 1;
    if (event.key === "ArrowLeft") step(at - 1, event.shiftKey);
    else if (event.key === "ArrowRight") step(at + 1, event.shiftKey);
    else if (event.key === "Home") step(0, event.shiftKey);
    else if (event.key === "End") step(lastBar, event.shiftKey);
    else if (event.key === "Enter" && choice !== null) lookInto(choice);
    else if (event.key === "Escape" && choice !== null) onCancel();
    else if (event.key === "-") lookWider();
    else return;
    event.preventDefault();
  };

  const marked = choice === null ? null : sorted(choice);
  const middle = marked === null ? 0 : across(shown.buckets[marked[0]]?.start ?? shown.from);
  const side = middle > width / 2 ? { right: `${width - middle}px` } : { left: `${middle}px` };
  return (
    <div
      class="histogram-chart"
      role="application"
      tabIndex={0}
      aria-label={texts.overTime}
      aria-describedby={how}
      onPointerMove={onMove}
      onPointerDown={onDown}
      onPointerUp={onUp}
      onPointerLeave={onLeave}
      onPointerCancel={onCancel}
      onBlur={onCancel}
      onKeyDown={onKey}
    >
      <Bars shown={shown} width={width} marked={marked} />
      <p id={how} class="unseen">
        {`${texts.chartHow} ${texts.chartKeys}`}
      </p>
      <p class={marked === null ? "unseen" : "tip"} style={marked === null ? {} : side} role="status">
        {marked && wordsOf(shown, marked)}
      </p>
    </div>
  );
}

/** How many were found in all. */
function Total(): JSX.Element {
  const texts = text.value.search;
  const total = facets.answer.value?.total;
  if (total === undefined) return <strong class="total">{text.value.catalogue.pages.events}</strong>;
  const count = total.count.toLocaleString();
  return (
    <strong class={facets.isStale.value ? "total stale" : "total"}>
      {total.at_least ? texts.found(texts.atLeast(count), false) : texts.found(count, total.count === 1)}
    </strong>
  );
}

/** When the events found were, as bars. */
export function Histogram(): JSX.Element {
  const texts = text.value.search;
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const shown = histogram.answer.value;
  const wider = widened(route.value, Date.now());
  const days = shown === null ? null : daysOf(shown);
  return (
    <figure class={histogram.isStale.value ? "histogram stale" : "histogram"} aria-busy={histogram.isStale.value}>
      <figcaption>
        <Total />
        {shown && <small title={texts.chartHow}>{spanBetween(shown.from, shown.to, days)}</small>}
        {days !== null && days !== zoneHere() && <small>{text.value.uptime.zone(days)}</small>}
        {wider !== null && (
          <button
            type="button"
            class="bare"
            title={texts.zoomOut}
            aria-label={texts.zoomOut}
            onClick={() => go(wider)}
          >
            <Icon name="wider" />
          </button>
        )}
      </figcaption>
      <div ref={frame} style={{ height: `${HEIGHT + NAMES}px` }}>
        {histogram.problem.value && (
          <p class="counts-failed" role="status">
            {texts.countsFailed}{" "}
            <button type="button" class="bare" onClick={() => histogram.again()}>
              {text.value.retry}
            </button>
          </p>
        )}
        {shown && size && shown.buckets.length > 0 && <Chart key={shown.from + shown.to} shown={shown} width={size.width} />}
      </div>
    </figure>
  );
}
