import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Point } from "../api/types";
import { text } from "../i18n";
import { addCorner, finishDrawing, takeBackCorner, within, type Drawing } from "../state/drawing";
import { inPixels } from "./overlay";
import type { Size } from "./size";

const STEP = 0.01;
const LARGE_STEP = 0.05;
const MIDDLE: Point = [0.5, 0.5];

const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** `at`, one step further by an arrow key; null for any other key. */
export function stepped([x, y]: Point, event: KeyboardEvent): Point | null {
  const way = ARROWS[event.key];
  if (way === undefined) return null;
  const step = event.shiftKey ? LARGE_STEP : STEP;
  return within([x + way[0] * step, y + way[1] * step]);
}

/** Where in the picture a pointer is, in shares. */
export function placeOf(event: MouseEvent, picture: Element): Point {
  const box = picture.getBoundingClientRect();
  return within([(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]);
}

const percent = (value: number): number => Math.round(value * 100);

/** Takes the corners of what is being drawn, by pointer or by keys. */
export function Surface({ now, size }: { now: Drawing; size: Size }): JSX.Element {
  const surface = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState<Point | null>(null);
  const [told, setTold] = useState("");
  const texts = text.value.places;
  useEffect(() => surface.current?.focus(), []);

  const set = (point: Point) => {
    setTold(texts.cornerSet(now.points.length + 1, percent(point[0]), percent(point[1])));
    addCorner(point);
  };
  const end = () => {
    if (!finishDrawing()) setTold(texts.tooFew);
  };
  const onClick = (event: MouseEvent) => {
    if (surface.current === null) return;
    // The second click of a double click ends what its first one has set.
    if (event.detail > 1 && now.shape !== "line") end();
    else set(placeOf(event, surface.current));
  };
  const onKey = (event: KeyboardEvent) => {
    const moved = stepped(cursor ?? MIDDLE, event);
    if (moved) {
      setCursor(moved);
      setTold(texts.crosshair(percent(moved[0]), percent(moved[1])));
    } else if (event.key === " ") set(cursor ?? MIDDLE);
    else if (event.key === "Enter") end();
    else if (event.key === "Backspace") takeBackCorner();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const last = now.points.at(-1);
  return (
    <>
      <div
        ref={surface}
        class="surface"
        role="application"
        tabIndex={0}
        aria-label={texts.surface}
        onClick={onClick}
        onPointerMove={(event) => surface.current && setCursor(placeOf(event, surface.current))}
        onKeyDown={onKey}
      >
        <svg viewBox={`0 0 ${size.width} ${size.height}`} class={`drawn ${now.shape}`} aria-hidden="true">
          <polyline points={inPixels(now.points, size)} class="halo" />
          <polyline points={inPixels(now.points, size)} />
          {last && cursor && <polyline points={inPixels([last, cursor], size)} class="rubber" />}
          {now.points.map(([x, y], n) => (
            <circle key={n} cx={x * size.width} cy={y * size.height} r={5} />
          ))}
          {cursor && (
            <g class="crosshair">
              <line x1={cursor[0] * size.width} x2={cursor[0] * size.width} y1={0} y2={size.height} />
              <line y1={cursor[1] * size.height} y2={cursor[1] * size.height} x1={0} x2={size.width} />
            </g>
          )}
        </svg>
      </div>
      <p class="unseen" role="status">
        {told}
      </p>
    </>
  );
}
