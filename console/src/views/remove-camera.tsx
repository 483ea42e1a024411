import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { removeCamera } from "../api/cameras";
import { asProblem } from "../api/client";
import type { Problem } from "../api/problem";
import type { Camera } from "../api/types";
import { text } from "../i18n";
import { refreshCameras } from "../state/cameras";
import { Dialog } from "./dialog";
import { ProblemNote } from "./problem-note";

export function RemoveCamera({ camera, onClose }: { camera: Camera; onClose: () => void }): JSX.Element {
  const texts = text.value;
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const confirm = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await removeCamera(camera.id);
      onClose();
      await refreshCameras();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={texts.removeTitle(camera.name)} onClose={onClose}>
      <p>{texts.removeText}</p>
      {problem && <ProblemNote problem={problem} />}
      <div class="buttons">
        <button type="button" class="quiet" onClick={onClose} autofocus>
          {texts.cancel}
        </button>
        <button type="button" class="danger" disabled={isBusy} onClick={confirm}>
          {isBusy ? texts.busy : texts.remove}
        </button>
      </div>
    </Dialog>
  );
}
