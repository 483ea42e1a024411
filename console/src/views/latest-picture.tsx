import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { latestPicture } from "../api/cameras";
import { Problem } from "../api/problem";
import { text } from "../i18n";
import { isSignedIn } from "../state/session";
import { AskForGrant } from "./ask-for-grant";
import { Icon } from "./icons";
import { useIsVisible } from "./visible";

const FRESH_MS = 2_500;
const STALE_MS = 8_000;
/** Where the picture is not shared, it rarely comes to be. */
const REFUSED_MS = 60_000;

interface LatestPictureProps {
  id: number;
  name: string;
  /** Whether new pictures are to be expected; else it asks rarely. */
  isLive: boolean;
  mayHaveOne: boolean;
  /** Told of each picture how wide it is, for one of height 1. */
  onAspect?: (aspect: number) => void;
  /** Whether there is room for the way to a grant where it is not shared. */
  hasRoom?: boolean;
}

/**
 * A camera's newest picture, asked for again every few seconds while it can be seen: not while it is scrolled away,
 * and not in a hidden tab. It is drawn on a canvas, so that the old picture stands until the new one is decoded.
 */
export function LatestPicture({ id, name, isLive, mayHaveOne, onAspect, hasRoom }: LatestPictureProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [hasPicture, setPicture] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const isVisible = useIsVisible(canvas) && isSignedIn.value;

  useEffect(() => {
    if (!isVisible || !mayHaveOne) return undefined;
    const stop = new AbortController();
    const loop = async () => {
      while (!stop.signal.aborted) {
        const shown = await show(canvas.current, id, stop.signal);
        if (stop.signal.aborted) return;
        setRefusal(shown.refusal);
        if (shown.isShown || shown.refusal !== null) setPicture(shown.isShown);
        if (shown.isShown && canvas.current) onAspect?.(canvas.current.width / canvas.current.height);
        await rest(shown.refusal !== null ? REFUSED_MS : isLive ? FRESH_MS : STALE_MS, stop.signal);
      }
    };
    void loop();
    return () => stop.abort();
  }, [id, isVisible, isLive, mayHaveOne]);

  const seen = hasPicture ? text.value.latestOf(name) : text.value.noPictureYet;
  const words = refusal === null ? seen : text.value.pictureRefused;
  return (
    <div class={isLive ? "picture" : "picture dim"}>
      <canvas
        ref={canvas}
        width={16}
        height={9}
        role="img"
        aria-label={words}
      />
      {!hasPicture && refusal === null && (
        <span class="no-picture">
          <Icon name="camera" />
          {text.value.noPictureYet}
        </span>
      )}
      {refusal !== null && (
        <span class="no-picture refused">
          <Icon name="noPicture" />
          <strong>{text.value.pictureRefused}</strong>
          <small lang="en">{refusal}</small>
          {hasRoom && <AskForGrant camera={id} right="live" />}
        </span>
      )}
      {hasPicture && !isLive && <span class="stamp">{text.value.pictureOld}</span>}
    </div>
  );
}

interface Shown {
  isShown: boolean;
  /** Why one may not see it, as the server says it. */
  refusal: string | null;
}

async function show(canvas: HTMLCanvasElement | null, id: number, signal: AbortSignal): Promise<Shown> {
  try {
    const bitmap = await createImageBitmap(await latestPicture(id, signal));
    if (canvas === null || signal.aborted) return { isShown: false, refusal: null };
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
    bitmap.close();
    return { isShown: true, refusal: null };
  } catch (error) {
    // No picture now: the card says what is wrong with the camera, and the next turn asks again.
    if (!(error instanceof Problem) || error.status !== 403) return { isShown: false, refusal: null };
    // What one may not see any more does not stay on the screen.
    canvas?.getContext("2d")?.clearRect(0, 0, canvas.width, canvas.height);
    return { isShown: false, refusal: error.detail };
  }
}

function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
