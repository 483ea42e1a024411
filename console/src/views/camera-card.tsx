import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { enableCamera, openAgain, removeCamera } from "../api/cameras";
import type { Camera, Counters, Status } from "../api/types";
import { joined, text, word } from "../i18n";
import { nearTime, now } from "../i18n/time";
import { linkTo, NO_FILTERS, route } from "../route";
import { mayHavePicture, moodOf, refreshCameras, stateOf } from "../state/cameras";
import { may } from "../state/session";
import { useAct } from "./act";
import { Confirm } from "./confirm";
import { Icon } from "./icons";
import { Instant } from "./instant";
import { LatestPicture } from "./latest-picture";
import { ProblemNote } from "./problem-note";
import { StateBadge } from "./state-badge";

/** The reasons for not looking at a picture that are no loss: there are more than are needed, or nothing moved. */
const AS_IT_SHOULD_BE: readonly string[] = ["not_due", "still"];

function Figures({ counters }: { counters: Counters }): JSX.Element {
  const texts = text.value;
  const reasons = Object.entries(counters.dropped);
  const dropped = reasons.reduce((sum, [reason, count]) => sum + (AS_IT_SHOULD_BE.includes(reason) ? 0 : count), 0);
  const byReason = joined(reasons.map(([reason, count]) => `${word("dropReasons", reason)} ${count.toLocaleString()}`));
  return (
    <dl class="figures">
      <div title={texts.lookedAtHint}>
        <dt>{texts.lookedAt}</dt>
        <dd>{counters.looked_at.toLocaleString()}</dd>
      </div>
      <div title={texts.droppedHint(byReason || "0")} class={dropped > 0 ? "some" : ""}>
        <dt>{texts.dropped}</dt>
        <dd>{dropped.toLocaleString()}</dd>
      </div>
      {counters.broken > 0 && (
        <div class="some">
          <dt>{texts.broken}</dt>
          <dd>{counters.broken.toLocaleString()}</dd>
        </div>
      )}
    </dl>
  );
}

function NextTry({ at }: { at: string }): JSX.Element {
  return <> · {text.value.nextTry(Math.ceil((Date.parse(at) - now.value) / 1000))}</>;
}

function Facts({ status, state }: { status: Status; state: string }): JSX.Element {
  const isGood = moodOf(state) === "good";
  return (
    <p class={isGood ? "reason" : "reason told"}>
      <span lang="en">{status.reason}</span>
      <small>
        <Instant at={status.since}>{text.value.since(nearTime(status.since))}</Instant>
        {status.next_try_at && !isGood && <NextTry at={status.next_try_at} />}
        {isGood && status.width && ` · ${status.width}×${status.height}`}
        {isGood && status.fps && ` · ${Math.round(status.fps)} fps`}
        {isGood && status.codec && ` · ${status.codec.toUpperCase()}`}
      </small>
    </p>
  );
}

interface ActionsProps {
  camera: Camera;
  isBusy: boolean;
  onToggle: () => void;
}

function Actions({ camera, isBusy, onToggle }: ActionsProps): JSX.Element {
  const texts = text.value;
  const [isRemoving, setRemoving] = useState(false);
  const toggle = camera.enabled ? texts.pause : texts.resume;
  return (
    <div class="actions">
      <a
        class="button bare"
        href={linkTo({ site: camera.id, open: null, tab: "cameras" }, route.value)}
        title={texts.setUp}
        aria-label={`${texts.setUp}: ${camera.name}`}
      >
        <Icon name="zone" />
      </a>
      <a
        class="button bare"
        href={linkTo({ ...NO_FILTERS, cameras: [camera.id], tab: "events", open: null }, route.value)}
        title={texts.eventsOfCamera}
        aria-label={`${texts.eventsOfCamera}: ${camera.name}`}
      >
        <Icon name="list" />
      </a>
      {may.value.cameras && (
        <>
          <button
            type="button"
            class="bare"
            disabled={isBusy}
            onClick={onToggle}
            title={toggle}
            aria-label={`${toggle}: ${camera.name}`}
          >
            <Icon name={camera.enabled ? "pause" : "play"} />
          </button>
          <button
            type="button"
            class="bare"
            onClick={() => setRemoving(true)}
            title={texts.removeCamera}
            aria-label={`${texts.removeCamera}: ${camera.name}`}
          >
            <Icon name="bin" />
          </button>
        </>
      )}
      {isRemoving && (
        <Confirm
          title={texts.removeTitle(camera.name)}
          explanation={texts.record.removeText}
          verb={texts.remove}
          isDangerous
          work={() => removeCamera(camera.id)}
          onClose={() => setRemoving(false)}
        />
      )}
    </div>
  );
}

/** The way out of quarantine: nobody but an operator can know that the cause is gone. */
function OpenAgain({ camera }: { camera: Camera }): JSX.Element {
  const texts = text.value;
  const [isAsking, setAsking] = useState(false);
  return (
    <p class="way-out">
      <button type="button" class="quiet" onClick={() => setAsking(true)}>
        <Icon name="play" />
        {texts.openAgain}
      </button>
      {isAsking && (
        <Confirm
          title={texts.openAgainTitle(camera.name)}
          explanation={texts.openAgainText}
          verb={texts.openAgain}
          work={() => openAgain(camera.id)}
          onClose={() => setAsking(false)}
        />
      )}
    </p>
  );
}

export function CameraCard({ camera }: { camera: Camera }): JSX.Element {
  const { isBusy, problem, act } = useAct();
  const state = stateOf(camera);
  const page = linkTo({ site: camera.id, open: null, tab: "cameras" }, route.value);
  const toggle = () =>
    act(async () => {
      await enableCamera(camera.id, !camera.enabled);
      await refreshCameras();
    });
  return (
    <article class={`camera mood-${moodOf(state)}`} aria-label={camera.name} data-camera={camera.id} data-state={state}>
      <LatestPicture id={camera.id} name={camera.name} isLive={state === "live"} mayHaveOne={mayHavePicture(camera)} />
      <div class="camera-head">
        <h3 title={`${camera.name} · ${text.value.number} ${camera.id} · ${camera.department.name}`}>
          <a href={page}>{camera.name}</a>
        </h3>
        <StateBadge state={state} />
      </div>
      {camera.status && camera.enabled && <Facts status={camera.status} state={state} />}
      {state === "quarantined" && may.value.cameras && <OpenAgain camera={camera} />}
      {problem && <ProblemNote problem={problem} />}
      <footer>
        {camera.status && <Figures counters={camera.status.counters} />}
        <Actions camera={camera} isBusy={isBusy} onToggle={toggle} />
      </footer>
    </article>
  );
}
