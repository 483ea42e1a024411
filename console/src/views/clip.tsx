import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { asProblem } from "../api/client";
import { askForClip } from "../api/events";
import type { Problem } from "../api/problem";
import type { EventRecord } from "../api/types";
import { askToUnmask } from "../api/unmaskings";
import { labelName, text } from "../i18n";
import { shownState } from "../state/medium";
import { AskForGrant } from "./ask-for-grant";
import { Icon } from "./icons";
import { OriginalPlayer, ownUnmasking, UnmaskingWish } from "./original";
import { ProblemNote } from "./problem-note";

/** Masking a clip takes the server seconds of work: somebody who only walks past an event must not cause it. */
const DWELL_MS = 600;

type Making = { step: "making"; progress: number | null } | { step: "ready" } | { step: "failed"; problem: Problem };

function useClip(url: string | null, turn: number): Making {
  const [making, setMaking] = useState<Making>({ step: "making", progress: null });
  useEffect(() => {
    if (url === null) return undefined;
    const stop = new AbortController();
    let timer = 0;
    const ask = async () => {
      try {
        const answer = await askForClip(url, stop.signal);
        if (answer.ready) setMaking({ step: "ready" });
        else {
          setMaking({ step: "making", progress: answer.progress });
          timer = window.setTimeout(ask, answer.againMs);
        }
      } catch (error) {
        const problem = stop.signal.aborted ? null : asProblem(error);
        if (problem) setMaking({ step: "failed", problem });
      }
    };
    setMaking({ step: "making", progress: null });
    timer = window.setTimeout(ask, DWELL_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [url, turn]);
  return making;
}

interface NoteProps {
  icon: "busy" | "noPicture";
  title: string;
  reason: string | null;
  children?: ComponentChildren;
}

function Note({ icon, title, reason, children }: NoteProps): JSX.Element {
  return (
    <div class="stage none">
      <Icon name={icon} />
      <strong>{title}</strong>
      {reason && <p lang="en">{reason}</p>}
      {children}
    </div>
  );
}

function Player({ event, url }: { event: EventRecord; url: string }): JSX.Element {
  const texts = text.value;
  const [turn, setTurn] = useState(0);
  const [isBroken, setBroken] = useState(false);
  const making = useClip(url, turn);
  if (making.step === "failed" && making.problem.status === 403) {
    return (
      <Note icon="noPicture" title={texts.pictureRefused} reason={making.problem.detail}>
        <AskForGrant camera={event.camera.id} right="media" />
      </Note>
    );
  }
  if (making.step === "failed") {
    return (
      <div class="stage none">
        <ProblemNote problem={making.problem} retry={() => setTurn(turn + 1)} />
      </div>
    );
  }
  if (making.step === "making") {
    return (
      <div class="stage none" role="status">
        <Icon name="busy" />
        <strong>{texts.clipMaking}</strong>
        <progress value={making.progress ?? undefined} max={1} aria-label={texts.clipMaking} />
      </div>
    );
  }
  if (isBroken) return <Note icon="noPicture" title={texts.clipUnplayable} reason={null} />;
  return (
    <div class="stage">
      <video
        src={url}
        controls
        autoplay
        muted
        loop
        playsInline
        disablePictureInPicture
        aria-label={texts.clipOf(labelName(event.label), event.camera.name)}
        onError={() => setBroken(true)}
      />
    </div>
  );
}

function Content({ event }: { event: EventRecord }): JSX.Element {
  const [isAgain, setAgain] = useState(false);
  const { reason, url } = event.media.clip;
  const state = shownState(event, "clip");
  // An address beside a failure means: what was recorded is there, and masking it can be tried again.
  if (url !== null && (state === "ready" || isAgain)) return <Player event={event} url={url} />;
  if (state === "pending") return <Note icon="busy" title={text.value.clipPending} reason={reason} />;
  return (
    <Note icon="noPicture" title={state === "failed" ? text.value.clipFailed : text.value.clipNone} reason={reason}>
      {url !== null && (
        <button type="button" class="quiet" onClick={() => setAgain(true)}>
          {text.value.retry}
        </button>
      )}
    </Note>
  );
}

/** The masked clip: made at its first play, then played; or why there is none. In its place, the original while it is open. */
export function Clip({ event }: { event: EventRecord }): JSX.Element {
  const [isOriginal, setOriginal] = useState(true);
  const { seconds, url } = event.media.clip;
  const own = ownUnmasking(event.id);
  const open = own?.state === "open" && isOriginal ? own : null;
  return (
    <figure class="medium">
      <figcaption>
        {text.value.clip}
        {open === null && <small>{text.value.clipMasked}</small>}
        {seconds !== null && <small class="end">{text.value.seconds(Math.round(seconds))}</small>}
      </figcaption>
      {open === null ? <Content event={event} /> : <OriginalPlayer unmasking={open} onBack={() => setOriginal(false)} />}
      {open === null && url !== null && (
        <UnmaskingWish
          own={own}
          camera={event.camera.id}
          words={text.value.unmasking}
          ask={(reason) => askToUnmask(event.id, reason)}
          onShow={() => setOriginal(true)}
        />
      )}
    </figure>
  );
}
