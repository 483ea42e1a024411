import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Problem } from "../api/problem";
import { originalClip, type Unmasking } from "../api/unmaskings";
import { whyNot } from "../api/why-not";
import { text } from "../i18n";
import { clockTime, now, span } from "../i18n/time";
import { who } from "../state/session";
import { opened, refreshUnmaskings, waiting } from "../state/waiting";
import { useAct } from "./act";
import { AskForGrant } from "./ask-for-grant";
import { Dialog } from "./dialog";
import { FaultOf, FaultsOfForm } from "./fault";
import { Icon } from "./icons";
import { ProblemNote } from "./problem-note";

const WAITING_POLL_MS = 3_000;

const isOpenNow = ({ until }: Unmasking): boolean => until === null || Date.parse(until) > now.value;

/** One's own wish to see the original of an event, as long as something can come of it. */
export const ownUnmasking = (event: string): Unmasking | null => own((one) => one.event === event);

/** The same for what a camera shows live. */
export const ownLiveUnmasking = (camera: number): Unmasking | null =>
  own((one) => one.live && one.camera.id === camera);

function own(isIt: (one: Unmasking) => boolean): Unmasking | null {
  const self = who.value?.person?.id;
  const isOwn = (one: Unmasking) => one.person.id === self && isIt(one);
  return opened.value.find((one) => isOwn(one) && isOpenNow(one)) ?? waiting.value.find(isOwn) ?? null;
}

interface AskProps {
  camera: number;
  title: string;
  about: string;
  ask: (reason: string) => Promise<unknown>;
  onClose: (isAsked: boolean) => void;
}

function AskDialog({ camera, title, about, ask, onClose }: AskProps): JSX.Element {
  const texts = text.value.unmasking;
  const [reason, setReason] = useState("");
  const { isBusy, problem, act } = useAct();
  const submit = (submitted: Event) => {
    submitted.preventDefault();
    void act(async () => {
      await ask(reason.trim());
      await refreshUnmaskings();
      onClose(true);
    });
  };
  const isAtField = problem?.faults.some(({ field }) => field === "reason") ?? false;
  return (
    <Dialog title={title} onClose={() => onClose(false)}>
      <form onSubmit={submit}>
        <p>{about}</p>
        <FaultsOfForm faults={problem?.faults ?? []}>
          <label class="field">
            <span>{texts.reason}</span>
            <textarea
              name="reason"
              rows={3}
              value={reason}
              required
              minLength={3}
              maxLength={500}
              autofocus
              onInput={(input) => setReason(input.currentTarget.value)}
            />
            <small>{texts.reasonHint}</small>
            <FaultOf field="reason" />
          </label>
        </FaultsOfForm>
        {problem && !isAtField && <ProblemNote problem={problem} />}
        <div class="buttons">
          {problem?.status === 403 && <AskForGrant camera={camera} right="unmasked" />}
          <button type="button" class="quiet" onClick={() => onClose(false)}>
            {text.value.cancel}
          </button>
          <button type="submit" class="main" disabled={isBusy}>
            {isBusy ? text.value.busy : texts.ask}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** The clip without masks, while it may be seen. Whatever ends it, the masked one is shown again. */
export function OriginalPlayer({ unmasking, onBack }: { unmasking: Unmasking; onBack: () => void }): JSX.Element {
  const texts = text.value.unmasking;
  const [broken, setBroken] = useState<{ why: Problem | null } | null>(null);
  const url = originalClip(unmasking.id);
  const broke = async () => {
    setBroken({ why: await whyNot(url) });
    // It may have been ended meanwhile: then the list says so, and the masked clip comes back.
    void refreshUnmaskings();
  };
  return (
    <div class="original">
      <p class="original-mark" role="status">
        <Icon name="warning" />
        <b>{texts.mark}</b>
        {unmasking.until && (
          <span>{texts.until(clockTime(unmasking.until), span(Date.parse(unmasking.until) - now.value))}</span>
        )}
        <button type="button" class="quiet" onClick={onBack}>
          {texts.backToMasked}
        </button>
      </p>
      {broken ? (
        <div class="stage none">
          <Icon name="noPicture" />
          <strong>{texts.failed}</strong>
          {broken.why && <p lang="en">{broken.why.detail}</p>}
          <button type="button" class="quiet" onClick={() => setBroken(null)}>
            {text.value.retry}
          </button>
        </div>
      ) : (
        <div class="stage">
          <video
            src={url}
            controls
            autoplay
            muted
            loop
            playsInline
            disablePictureInPicture
            controlsList="nodownload"
            aria-label={texts.originalOf(unmasking.camera.name)}
            onError={() => void broke()}
          />
        </div>
      )}
    </div>
  );
}

interface WishProps {
  /** The own wish, where there is one. */
  own: Unmasking | null;
  camera: number;
  words: { see: string; title: string; about: string };
  ask: (reason: string) => Promise<unknown>;
  onShow: () => void;
}

/** The way to the original: to ask for it, or where the wish stands. */
export function UnmaskingWish({ own, camera, words, ask, onShow }: WishProps): JSX.Element | null {
  const texts = text.value.unmasking;
  const [isAsking, setAsking] = useState(false);
  const isWaiting = own?.state === "waiting";
  useEffect(() => {
    if (!isWaiting) return undefined;
    const timer = setInterval(() => {
      if (!document.hidden) void refreshUnmaskings();
    }, WAITING_POLL_MS);
    return () => clearInterval(timer);
  }, [isWaiting]);
  const session = who.value;
  if (session?.kind !== "person" || session.role === "auditor") return null;
  if (own?.state === "waiting") {
    return (
      <p class="original-wish mood-busy" role="status">
        <span class="badge">
          <Icon name="busy" />
          {texts.waiting}
        </span>
        <small>{texts.waitingHint}</small>
      </p>
    );
  }
  return (
    <p class="original-wish">
      <button type="button" class="quiet" onClick={() => (own ? onShow() : setAsking(true))}>
        <Icon name="eye" />
        {own ? texts.again : words.see}
      </button>
      {isAsking && (
        <AskDialog
          camera={camera}
          title={words.title}
          about={words.about}
          ask={ask}
          onClose={(isAsked) => {
            setAsking(false);
            if (isAsked) onShow();
          }}
        />
      )}
    </p>
  );
}
