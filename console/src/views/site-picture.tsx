import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { text } from "../i18n";
import { mayHavePicture, stateOf } from "../state/cameras";
import { beginDrawing, cancelDrawing, drawing, finishDrawing, SHAPES, takeBackCorner, type Drawing } from "../state/drawing";
import { may } from "../state/session";
import type { Site } from "../state/site";
import { Corners } from "./corners";
import { DrawingForm } from "./drawing-form";
import { Icon } from "./icons";
import { LatestPicture } from "./latest-picture";
import { Overlay } from "./overlay";
import { SIGNS } from "./places";
import { useSize } from "./size";
import { Surface } from "./surface";

const USUAL_ASPECT = 16 / 9;

/** Escape gives up what is being drawn, wherever the focus is but in a dialog or a menu. */
function useEscape(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      if (event.key !== "Escape" || drawing.peek() === null || target?.closest("dialog, .panel")) return;
      event.preventDefault();
      event.stopPropagation();
      cancelDrawing();
    };
    document.addEventListener("keydown", onKey, true);
    return () => {
      document.removeEventListener("keydown", onKey, true);
      cancelDrawing();
    };
  }, []);
}

/** When a drawing has ended, the focus goes back to the button that begins one. */
function useFocusBack(now: Drawing | null, tools: { current: HTMLElement | null }): void {
  const last = useRef<string | null>(null);
  const shape = now?.shape ?? null;
  useEffect(() => {
    if (shape === null && last.current !== null) {
      tools.current?.querySelector<HTMLElement>(`[data-shape="${last.current}"]`)?.focus({ preventScroll: true });
    }
    last.current = shape;
  }, [shape]);
}

/** What Enter, Backspace and Escape do, for those who have no keys. */
function DrawingButtons({ now }: { now: Drawing }): JSX.Element {
  const texts = text.value.places;
  return (
    <div class="inline">
      {now.shape !== "line" && (
        <button type="button" class="main" disabled={now.points.length < 3} onClick={finishDrawing}>
          {texts.finish}
        </button>
      )}
      <button type="button" class="quiet" disabled={now.points.length === 0} onClick={takeBackCorner}>
        {texts.takeBack}
      </button>
      <button type="button" class="quiet" onClick={cancelDrawing}>
        {text.value.cancel}
      </button>
    </div>
  );
}

/** The newest masked picture, large, with what is drawn on it; new zones, lines, ignored areas and privacy areas are drawn here. */
export function SitePicture({ site }: { site: Site }): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const tools = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const [aspect, setAspect] = useState(USUAL_ASPECT);
  const { camera } = site;
  const now = drawing.value;
  const texts = text.value.places;
  useEscape();
  useFocusBack(now, tools);
  const isDrawing = now !== null;
  useEffect(() => {
    if (isDrawing) frame.current?.scrollIntoView({ block: "nearest" });
  }, [isDrawing]);
  return (
    <div class="site-picture">
      <div class="frame" ref={frame} style={{ "--aspect": aspect }}>
        <LatestPicture
          id={camera.id}
          name={camera.name}
          isLive={stateOf(camera) === "live"}
          mayHaveOne={mayHavePicture(camera)}
          onAspect={setAspect}
          hasRoom
        />
        {size && <Overlay site={site} size={size} />}
        {size && now && !now.isDone && <Surface now={now} size={size} />}
        {size && now?.isDone && <Corners now={now} size={size} />}
      </div>
      {!may.value.cameras ? null : now === null ? (
        <div class="inline" ref={tools}>
          {SHAPES.map((shape) => (
            <button key={shape} type="button" class="quiet" data-shape={shape} onClick={() => beginDrawing(shape)}>
              <Icon name={SIGNS[shape]} />
              {texts.drawNew[shape]}
            </button>
          ))}
        </div>
      ) : (
        <>
          <p class="how-to" role="status">
            {now.isDone ? texts.cornerHint : texts.howTo[now.shape]}
          </p>
          {now.isDone ? (
            <DrawingForm key={`${now.shape}-${now.of}`} site={site} now={now} />
          ) : (
            <DrawingButtons now={now} />
          )}
        </>
      )}
    </div>
  );
}
