import type { JSX } from "preact";
import { text } from "../i18n";
import { refreshCameras } from "../state/cameras";
import { useAct } from "./act";
import { Dialog } from "./dialog";
import { ProblemNote } from "./problem-note";

interface ConfirmProps {
  title: string;
  explanation: string;
  /** The text on the button that does it. */
  verb: string;
  isDangerous?: boolean;
  work: () => Promise<void>;
  onClose: () => void;
}

/** Asks before something is done to a camera, and stays open with the reason where that fails. */
export function Confirm({ title, explanation, verb, isDangerous, work, onClose }: ConfirmProps): JSX.Element {
  const texts = text.value;
  const { isBusy, problem, act } = useAct();
  const confirm = () =>
    act(async () => {
      await work();
      onClose();
      await refreshCameras();
    });
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{explanation}</p>
      {problem && <ProblemNote problem={problem} />}
      <div class="buttons">
        <button type="button" class="quiet" onClick={onClose} autofocus>
          {texts.cancel}
        </button>
        <button type="button" class={isDangerous ? "danger" : "main"} disabled={isBusy} onClick={confirm}>
          {isBusy ? texts.busy : verb}
        </button>
      </div>
    </Dialog>
  );
}
