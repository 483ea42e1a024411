import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { text } from "../../i18n";
import {
  boxBetween,
  dotsNear,
  panned,
  spotAt,
  zoomed,
  type Dots,
  type Extent,
  type View,
} from "../../state/map";
import type { Size } from "../size";
import { draw } from "./map-drawing";

/** How near the pointer must come to a dot, and how far it may go while it clicks, in pixels. */
const REACH = 9;
const STILL = 4;
const MOST_HERE = 12;
const KEY_STEP = 80;

export interface Pointed {
  /** Dots, nearest first. */
  here: number[];
  /** In pixels of the map. */
  x: number;
  y: number;
}

interface MapCanvasProps {
  dots: Dots;
  view: View;
  size: Size;
  extent: Extent | null;
  /** Whether dragging draws a rectangle. */
  isChoosing: boolean;
  pointed: Pointed | null;
  onView: (view: View) => void;
  onPoint: (pointed: Pointed | null) => void;
  onOpen: (pointed: Pointed) => void;
  onBox: (bbox: string) => void;
}

type Drag = { what: "move"; x: number; y: number; view: View } | { what: "box"; x: number; y: number };

/** The map itself: dots on a plain ground, moved by pointer, wheel, two fingers and keys. */
export function MapCanvas(props: MapCanvasProps): JSX.Element {
  const { dots, view, size, extent, isChoosing, pointed, onView, onPoint, onOpen, onBox } = props;
  const { width, height } = size;
  const canvas = useRef<HTMLCanvasElement>(null);
  const drag = useRef<Drag | null>(null);
  const fingers = useRef(new Map<number, { x: number; y: number }>());
  const [rubber, setRubber] = useState<{ x: number; y: number; toX: number; toY: number } | null>(null);

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const paint = () =>
      draw(element, { dots, view, width, height, extent, rubber, pointed: pointed?.here[0] ?? null });
    const frame = requestAnimationFrame(paint);
    const scheme = matchMedia("(prefers-color-scheme: light)");
    scheme.addEventListener("change", paint);
    return () => {
      cancelAnimationFrame(frame);
      scheme.removeEventListener("change", paint);
    };
  }, [dots, view, width, height, extent, rubber, pointed]);

  const turn = useRef<(event: WheelEvent) => void>(() => undefined);
  turn.current = (event) => {
    event.preventDefault();
    onView(zoomed(view, 2 ** (-event.deltaY / 300), event.offsetX, event.offsetY, width, height));
  };
  useEffect(() => {
    const element = canvas.current;
    const onWheel = (event: WheelEvent) => turn.current(event);
    // Not passive: the wheel zooms the map instead of scrolling.
    element?.addEventListener("wheel", onWheel, { passive: false });
    return () => element?.removeEventListener("wheel", onWheel);
  }, []);

  const here = (x: number, y: number): Pointed => ({
    here: dotsNear(dots, spotAt(view, x, y, width, height), view, REACH, MOST_HERE),
    x,
    y,
  });

  const pinch = (id: number, x: number, y: number) => {
    const [a, b] = [...fingers.current.entries()];
    if (a === undefined || b === undefined) return;
    const other = a[0] === id ? b[1] : a[1];
    const was = fingers.current.get(id) ?? { x, y };
    const factor = Math.hypot(x - other.x, y - other.y) / Math.max(1, Math.hypot(was.x - other.x, was.y - other.y));
    onView(zoomed(view, factor, (x + other.x) / 2, (y + other.y) / 2, width, height));
  };

  const onDown = (event: PointerEvent & { currentTarget: HTMLCanvasElement }) => {
    const { offsetX: x, offsetY: y, pointerId } = event;
    event.currentTarget.setPointerCapture(pointerId);
    fingers.current.set(pointerId, { x, y });
    drag.current = isChoosing || event.shiftKey ? { what: "box", x, y } : { what: "move", x, y, view };
    onPoint(null);
  };
  const onMove = (event: PointerEvent & { currentTarget: HTMLCanvasElement }) => {
    const { offsetX: x, offsetY: y, pointerId } = event;
    const dragged = drag.current;
    if (dragged === null) {
      const found = here(x, y);
      onPoint(found.here.length > 0 ? found : null);
      return;
    }
    if (fingers.current.size > 1) {
      pinch(pointerId, x, y);
      drag.current = null;
    } else if (dragged.what === "box") setRubber({ x: dragged.x, y: dragged.y, toX: x, toY: y });
    else if (Math.hypot(x - dragged.x, y - dragged.y) >= STILL) {
      onView(panned(dragged.view, x - dragged.x, y - dragged.y));
    }
    fingers.current.set(pointerId, { x, y });
  };
  const onUp = (event: PointerEvent & { currentTarget: HTMLCanvasElement }) => {
    const { offsetX: x, offsetY: y, pointerId } = event;
    fingers.current.delete(pointerId);
    const dragged = drag.current;
    drag.current = null;
    setRubber(null);
    if (dragged === null) return;
    const isStill = Math.hypot(x - dragged.x, y - dragged.y) < STILL;
    if (isStill) {
      const found = here(x, y);
      if (found.here.length > 0) onOpen(found);
    } else if (dragged.what === "box") {
      onBox(boxBetween(spotAt(view, dragged.x, dragged.y, width, height), spotAt(view, x, y, width, height)));
    }
  };
  const onKey = (event: KeyboardEvent) => {
    const pans: Record<string, [number, number]> = {
      ArrowLeft: [KEY_STEP, 0],
      ArrowRight: [-KEY_STEP, 0],
      ArrowUp: [0, KEY_STEP],
      ArrowDown: [0, -KEY_STEP],
    };
    const pan = pans[event.key];
    const factor = event.key === "+" || event.key === "=" ? 2 : event.key === "-" ? 0.5 : null;
    if (pan) onView(panned(view, ...pan));
    else if (factor !== null) onView(zoomed(view, factor, width / 2, height / 2, width, height));
    else return;
    event.preventDefault();
  };
  return (
    <canvas
      ref={canvas}
      class={isChoosing ? "map choosing" : pointed ? "map pointing" : "map"}
      style={{ width: `${width}px`, height: `${height}px` }}
      tabIndex={0}
      role="img"
      aria-label={text.value.map.label(dots.ids.length)}
      onPointerDown={onDown}
      onPointerMove={onMove}
      onPointerUp={onUp}
      onPointerCancel={onUp}
      onPointerLeave={() => onPoint(null)}
      onKeyDown={onKey}
    />
  );
}
