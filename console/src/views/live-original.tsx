import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Unmasking } from "../api/unmaskings";
import { text } from "../i18n";
import { clockTime, now, span } from "../i18n/time";
import { LivePlayer, type Playing } from "../live-player";
import { refreshUnmaskings } from "../state/waiting";
import { Icon } from "./icons";
import { useIsTabShown } from "./visible";

const LAG_MS = 500;

interface LiveOriginalProps {
  unmasking: Unmasking;
  onBack: () => void;
}

/** A camera live without masks, while it may be seen; not in a hidden tab. */
export function LiveOriginal({ unmasking, onBack }: LiveOriginalProps): JSX.Element {
  const texts = text.value.live;
  const video = useRef<HTMLVideoElement>(null);
  const [playing, setPlaying] = useState<Playing>({ step: "opening" });
  const [lag, setLag] = useState<number | null>(null);
  const [turn, setTurn] = useState(0);
  const isShown = useIsTabShown();
  useEffect(() => {
    if (!isShown || !video.current) return undefined;
    const player = new LivePlayer(video.current, unmasking.camera.id, unmasking.id, (told) => {
      setPlaying((before) => (before.step === told.step ? before : told));
      // It may have been ended meanwhile: then the list says so, and the masked picture comes back.
      if (told.step !== "playing") void refreshUnmaskings();
    });
    const timer = setInterval(() => setLag(player.lag), LAG_MS);
    return () => {
      clearInterval(timer);
      player.stop();
    };
  }, [unmasking.id, isShown, turn]);
  return (
    <div class="original" data-live={playing.step}>
      <p class="original-mark" role="status">
        <Icon name="warning" />
        <b>{texts.mark}</b>
        {unmasking.until && (
          <span>
            {text.value.unmasking.until(clockTime(unmasking.until), span(Date.parse(unmasking.until) - now.value))}
          </span>
        )}
        {lag !== null && playing.step === "playing" && <span class="lag">{texts.lag(lag.toFixed(1))}</span>}
        <button type="button" class="quiet" onClick={onBack}>
          {texts.backToMasked}
        </button>
      </p>
      {playing.step !== "playing" && (
        <div class="stage none" role="status">
          <Icon name={playing.step === "opening" ? "busy" : "noPicture"} />
          <strong>{told(playing)}</strong>
          {playing.step === "unplayable" && <p>{texts.unplayableHint(playing.codecs)}</p>}
          {playing.step === "refused" && <p>{texts.notNowHint}</p>}
          {playing.step === "ended" && (
            <button type="button" class="quiet" onClick={() => setTurn(turn + 1)}>
              {texts.again}
            </button>
          )}
        </div>
      )}
      <div class="stage" hidden={playing.step !== "playing"}>
        <video
          ref={video}
          autoplay
          muted
          playsInline
          disablePictureInPicture
          aria-label={texts.originalOf(unmasking.camera.name)}
        />
      </div>
    </div>
  );
}

function told(playing: Playing): string {
  const texts = text.value.live;
  switch (playing.step) {
    case "unplayable":
      return texts.unplayable;
    case "refused":
      return texts.notNow;
    case "ended":
      return texts.ended;
    default:
      return texts.opening;
  }
}
