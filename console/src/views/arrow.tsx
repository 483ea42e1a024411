import type { JSX } from "preact";
import type { Point } from "../api/types";
import type { Size } from "./size";

/** How long an arrow head's sides are, and how far a side's arrow reaches, in pixels. */
const HEAD = 11;
const REACH = 26;
/** About how wide a letter is, in pixels: enough to keep a text inside the picture. */
const LETTER = 7;
const WIDE_LETTER = 13;

const textWidth = (words: string): number =>
  [...words].reduce((sum, letter) => sum + (letter > "\u2e80" ? WIDE_LETTER : LETTER), 0);

interface LabelProps {
  x: number;
  y: number;
  words: string;
  size: Size;
  class?: string;
}

/** A text in the middle of a place, moved so far that the picture holds it. */
export function Label({ x, y, words, size, class: name }: LabelProps): JSX.Element {
  const half = Math.min(textWidth(words), size.width) / 2 + 3;
  const across = Math.min(Math.max(x, half), size.width - half);
  const down = Math.min(Math.max(y, 14), size.height - 5);
  return (
    <text x={across} y={down} text-anchor="middle" class={name}>
      {words}
    </text>
  );
}

interface Pixels {
  x: number;
  y: number;
}

function Shaft({ from, to, class: name }: { from: Pixels; to: Pixels; class: string }): JSX.Element {
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  const barb = (turn: number) =>
    `${to.x + HEAD * Math.cos(angle + Math.PI + turn)},${to.y + HEAD * Math.sin(angle + Math.PI + turn)}`;
  return (
    <g class={name}>
      <line x1={from.x} y1={from.y} x2={to.x} y2={to.y} />
      <polyline points={`${barb(0.45)} ${to.x},${to.y} ${barb(-0.45)}`} />
    </g>
  );
}

interface DirectedProps {
  start: Point;
  end: Point;
  size: Size;
  name?: string;
  /** What the two ways across it are called. */
  toRight: string;
  toLeft: string;
}

/** A line with its direction, its name, and the two ways across it, each with an arrow to the side that it leads to. */
export function DirectedLine({ start, end, size, name, toRight, toLeft }: DirectedProps): JSX.Element {
  const from = { x: start[0] * size.width, y: start[1] * size.height };
  const to = { x: end[0] * size.width, y: end[1] * size.height };
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  // Right, as seen by who looks from the start to the end; the picture's y axis points down.
  const along = { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
  const right = { x: -along.y, y: along.x };
  const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  const beside = (by: number) => ({ x: middle.x + right.x * by, y: middle.y + right.y * by });
  const words = (by: number, text: string) => {
    const at = beside(by);
    const aside = Math.abs(right.x) * (textWidth(text) / 2) * Math.sign(right.x * by);
    return <Label x={at.x + aside} y={at.y + 4} words={text} size={size} class="side" />;
  };
  return (
    <>
      <Shaft from={from} to={to} class="shaft halo" />
      <Shaft from={from} to={to} class="shaft" />
      <Shaft from={beside(5)} to={beside(REACH)} class="side-arrow" />
      <Shaft from={beside(-5)} to={beside(-REACH)} class="side-arrow" />
      {words(REACH + 9, toRight)}
      {words(-REACH - 9, toLeft)}
      {name && <Label x={from.x - along.x * 14} y={from.y - along.y * 14 + 4} words={name} size={size} />}
    </>
  );
}
