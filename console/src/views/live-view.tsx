import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { asProblem } from "../api/client";
import { livePictures } from "../api/live";
import type { Problem } from "../api/problem";
import type { Camera } from "../api/types";
import { askToSeeLive } from "../api/unmaskings";
import { text } from "../i18n";
import { AskForGrant } from "./ask-for-grant";
import { Icon } from "./icons";
import { LiveOriginal } from "./live-original";
import { ownLiveUnmasking, UnmaskingWish } from "./original";
import { useIsTabShown } from "./visible";

const AGAIN_MS = 2_000;
/** A picture that was not followed by another for so long is not live any more. */
const OLD_AFTER_MS = 10_000;

type Shown = { step: "opening" } | { step: "showing" } | { step: "failed"; problem: Problem };

/** Draw each picture until `signal` ends it; after a fault try again, unless one may not look. */
async function show(
  canvas: HTMLCanvasElement,
  camera: number,
  signal: AbortSignal,
  tell: (shown: Shown) => void,
): Promise<void> {
  let isOld = 0;
  while (!signal.aborted) {
    try {
      for await (const picture of livePictures(camera, signal)) {
        const bitmap = await createImageBitmap(picture);
        canvas.width = bitmap.width;
        canvas.height = bitmap.height;
        canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
        bitmap.close();
        clearTimeout(isOld);
        isOld = window.setTimeout(() => tell({ step: "opening" }), OLD_AFTER_MS);
        tell({ step: "showing" });
      }
      clearTimeout(isOld);
      // It has ended: what one may not see any more does not stay on the screen.
      tell({ step: "opening" });
    } catch (error) {
      clearTimeout(isOld);
      if (signal.aborted) return;
      const problem = asProblem(error);
      if (problem) tell({ step: "failed", problem });
      if (problem?.status === 403) return;
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

function LivePicture({ camera }: { camera: Camera }): JSX.Element {
  const texts = text.value.live;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [shown, setShown] = useState<Shown>({ step: "opening" });
  const isTabShown = useIsTabShown();
  useEffect(() => {
    if (!isTabShown || !canvas.current) return undefined;
    const stop = new AbortController();
    void show(canvas.current, camera.id, stop.signal, (told) => {
      if (!stop.signal.aborted) setShown((before) => (before.step === told.step ? before : told));
    });
    return () => {
      stop.abort();
      setShown({ step: "opening" });
    };
  }, [camera.id, isTabShown]);
  return (
    <>
      <div class="stage" hidden={shown.step !== "showing"} data-live={shown.step}>
        <canvas ref={canvas} width={16} height={9} role="img" aria-label={texts.picture(camera.name)} />
      </div>
      {shown.step !== "showing" && (
        <div class="stage none" role="status">
          <Icon name={shown.step === "opening" ? "busy" : "noPicture"} />
          {shown.step === "opening" && <strong>{texts.opening}</strong>}
          {shown.step === "failed" && (
            <>
              <strong>{shown.problem.status === 403 ? texts.refused : texts.failed}</strong>
              <p lang="en">{shown.problem.detail}</p>
              {shown.problem.status === 403 && <AskForGrant camera={camera.id} right="live" />}
            </>
          )}
        </div>
      )}
    </>
  );
}

interface LiveViewProps {
  camera: Camera;
  isOn: boolean;
  /** null: it cannot be switched on now. */
  setOn: ((isOn: boolean) => void) | null;
}

/** A camera live: its masked pictures as they come; in their place the original, while it is open. */
export function LiveView({ camera, isOn, setOn }: LiveViewProps): JSX.Element {
  const texts = text.value.live;
  const [isOriginal, setOriginal] = useState(false);
  const own = ownLiveUnmasking(camera.id);
  const open = own?.state === "open" && isOriginal ? own : null;
  return (
    <section class="live" aria-label={texts.title}>
      <header>
        <h3>
          {texts.title} {open === null && <small>{texts.masked}</small>}
        </h3>
        <button type="button" class="quiet" aria-pressed={isOn} disabled={setOn === null} onClick={() => setOn?.(!isOn)}>
          <Icon name={isOn ? "pause" : "play"} />
          {isOn ? texts.stop : texts.watch}
        </button>
      </header>
      {isOn && (open === null ? <LivePicture camera={camera} /> : <LiveOriginal unmasking={open} onBack={() => setOriginal(false)} />)}
      {isOn && open === null && (
        <UnmaskingWish
          own={own}
          camera={camera.id}
          words={{ see: texts.see, title: texts.askTitle, about: texts.about }}
          ask={(reason) => askToSeeLive(camera.id, reason)}
          onShow={() => setOriginal(true)}
        />
      )}
    </section>
  );
}
