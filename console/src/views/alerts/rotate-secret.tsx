import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { rotateSecret, type Rotated, type Subscription } from "../../api/subscriptions";
import { text } from "../../i18n";
import { dateTime } from "../../i18n/time";
import { useAct } from "../act";
import { Dialog } from "../dialog";
import { FaultOf, FaultsOfForm } from "../fault";
import { ProblemNote } from "../problem-note";
import { SecretOnce } from "./secret-once";

/** For how long the secret before it may go on signing, in seconds. */
const OVERLAPS = { none: 0, hour: 3600, day: 86_400, week: 604_800 } as const;
type Overlap = keyof typeof OVERLAPS;

interface RotateProps {
  subscription: Subscription;
  onClose: () => void;
}

/** A new secret: how long the old one signs as well is asked first, then the new one is shown once. */
export function RotateSecret({ subscription, onClose }: RotateProps): JSX.Element {
  const texts = text.value.alerts;
  const [overlap, setOverlap] = useState<Overlap>("day");
  const [rotated, setRotated] = useState<Rotated | null>(null);
  const { isBusy, problem, act } = useAct();
  if (rotated !== null) {
    const until = rotated.others_sign_until;
    return (
      <SecretOnce of={subscription.name} secret={rotated.text} onClose={onClose}>
        <p>{until === null ? texts.oldEnded : texts.oldSigns(dateTime(until))}</p>
      </SecretOnce>
    );
  }
  const rotate = () => act(async () => setRotated(await rotateSecret(subscription.id, OVERLAPS[overlap])));
  return (
    <Dialog title={texts.rotateTitle(subscription.name)} onClose={onClose}>
      <div class="dialog-body">
        <p>{texts.rotateText}</p>
        <FaultsOfForm faults={problem?.faults ?? []}>
          <fieldset class="field">
            <legend>{texts.overlap}</legend>
            <div class="choice">
              {(Object.keys(OVERLAPS) as Overlap[]).map((one) => (
                <label key={one} class="pick">
                  <input type="radio" name="overlap" checked={overlap === one} onChange={() => setOverlap(one)} />
                  <span>{texts.overlaps[one]}</span>
                </label>
              ))}
            </div>
            <small>{texts.overlapHint}</small>
            <FaultOf field="overlap_s" />
          </fieldset>
        </FaultsOfForm>
        {problem && <ProblemNote problem={problem} />}
      </div>
      <div class="buttons">
        <button type="button" class="quiet" onClick={onClose}>
          {text.value.cancel}
        </button>
        <button type="button" class="main" disabled={isBusy} onClick={() => void rotate()}>
          {isBusy ? text.value.busy : texts.rotate}
        </button>
      </div>
    </Dialog>
  );
}
