import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Problem } from "../api/problem";
import type { Box, Course, EventRecord } from "../api/types";
import { whyNot } from "../api/why-not";
import { labelName, text } from "../i18n";
import { shownState } from "../state/medium";
import { AskForGrant } from "./ask-for-grant";
import { Icon } from "./icons";

function BoxOver({ box, severity }: { box: Box; severity: number }): JSX.Element {
  const [left, top, right, bottom] = box;
  return (
    <svg class={`box s${severity}`} viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
      <rect x={left} y={top} width={right - left} height={bottom - top} class="halo" />
      <rect x={left} y={top} width={right - left} height={bottom - top} />
    </svg>
  );
}

/** Where the object's foot went: a line through its places, with a dot where it was last. */
function PathOver({ course }: { course: Course }): JSX.Element {
  const points = course.path.map(({ x, y }) => `${x},${y}`).join(" ");
  const last = course.path.at(-1);
  return (
    <>
      <svg class="path" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
        <polyline points={points} class="halo" />
        <polyline points={points} />
      </svg>
      {last && <span class="path-end" style={{ left: `${last.x * 100}%`, top: `${last.y * 100}%` }} />}
    </>
  );
}

/** The masked picture of the event with the box of what happened, or why there is none. */
export function Snapshot({ event }: { event: EventRecord }): JSX.Element {
  const [hasBox, setBox] = useState(true);
  const [hasPath, setPath] = useState(true);
  const [broken, setBroken] = useState<{ url: string; why: Problem | null } | null>(null);
  const { reason, url } = event.media.snapshot;
  const state = shownState(event, "snapshot");
  const texts = text.value;
  const isShown = state === "ready" && url !== null && broken?.url !== url;
  const why = broken !== null && broken.url === url ? broken.why : null;
  const isRefused = why?.status === 403;
  return (
    <figure class="medium">
      <figcaption>
        {texts.snapshot}
        <small>{texts.clipMasked}</small>
        <span class="switches">
          {event.course && (
            <label class="switch">
              <input type="checkbox" checked={hasPath} onChange={() => setPath(!hasPath)} disabled={!isShown} />
              {texts.showPath}
            </label>
          )}
          {event.box && (
            <label class="switch">
              <input type="checkbox" checked={hasBox} onChange={() => setBox(!hasBox)} disabled={!isShown} />
              {texts.showBox}
            </label>
          )}
        </span>
      </figcaption>
      {isShown ? (
        <div class="stage">
          <img
            src={url}
            alt={texts.snapshotOf(labelName(event.label), event.camera.name)}
            onError={() => void whyNot(url).then((why) => setBroken({ url, why }))}
          />
          {hasBox && event.box && <BoxOver box={event.box} severity={event.severity} />}
          {hasPath && event.course && <PathOver course={event.course} />}
        </div>
      ) : (
        <div class="stage none">
          <Icon name={state === "pending" ? "busy" : "noPicture"} />
          <strong>{state === "pending" ? texts.picturePending : isRefused ? texts.pictureRefused : texts.noPicture}</strong>
          {reason && <p lang="en">{reason}</p>}
          {why && <p lang="en">{why.detail}</p>}
          {isRefused && <AskForGrant camera={event.camera.id} right="media" />}
        </div>
      )}
    </figure>
  );
}
