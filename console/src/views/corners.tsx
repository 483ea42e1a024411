import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { text, word } from "../i18n";
import { moveCorner, type Drawing } from "../state/drawing";
import { DirectedLine } from "./arrow";
import { inPixels } from "./overlay";
import type { Size } from "./size";
import { placeOf, stepped } from "./surface";

/** What was drawn and is not saved yet, with corners that can be moved: by dragging them, or by the arrow keys. */
export function Corners({ now, size }: { now: Drawing; size: Size }): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const [start, end] = now.points;
  useEffect(() => {
    // What is new is named first; what is being changed has its name.
    if (now.of !== null) frame.current?.querySelector("button")?.focus();
  }, [now.of]);
  const onMove = (index: number, event: PointerEvent & { currentTarget: HTMLButtonElement }) => {
    if (frame.current && event.currentTarget.hasPointerCapture(event.pointerId)) {
      moveCorner(index, placeOf(event, frame.current));
    }
  };
  return (
    <div class="corners" ref={frame}>
      <svg viewBox={`0 0 ${size.width} ${size.height}`} class={`drawn ${now.shape}`} aria-hidden="true">
        {now.shape === "line" && start && end ? (
          <DirectedLine
            start={start}
            end={end}
            size={size}
            toRight={word("directions", "left_to_right")}
            toLeft={word("directions", "right_to_left")}
          />
        ) : (
          <>
            <polygon points={inPixels(now.points, size)} class="halo" />
            <polygon points={inPixels(now.points, size)} />
          </>
        )}
      </svg>
      {now.points.map((point, index) => (
        <button
          key={index}
          type="button"
          class="corner"
          style={{ left: `${point[0] * 100}%`, top: `${point[1] * 100}%` }}
          aria-label={text.value.places.corner(index + 1)}
          onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
          onPointerMove={(event) => onMove(index, event)}
          onKeyDown={(event) => {
            const moved = stepped(point, event);
            if (moved === null) return;
            moveCorner(index, moved);
            event.preventDefault();
            event.stopPropagation();
          }}
        />
      ))}
    </div>
  );
}
