import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { addCamera } from "../api/cameras";
import type { Severity } from "../api/types";
import { joined, labelName, text } from "../i18n";
import { refreshCameras } from "../state/cameras";
import { useAct } from "./act";
import { Dialog } from "./dialog";
import { LabelChoice } from "./label-choice";
import { ProblemNote } from "./problem-note";
import { SeverityChoice } from "./severity";

const FIRST_CHOICE: readonly string[] = ["person"];

/** Name, address, and what to report: one form makes the camera, its stream and its first rule. */
export function AddCamera({ onClose }: { onClose: () => void }): JSX.Element {
  const texts = text.value;
  const [name, setName] = useState("");
  const [url, setUrl] = useState("rtsp://");
  const [labels, setLabels] = useState<readonly string[]>(FIRST_CHOICE);
  const [severity, setSeverity] = useState<Severity>(4);
  const { isBusy, problem, act } = useAct();

  const submit = (event: Event) => {
    event.preventDefault();
    if (labels.length === 0) return;
    const rule = { name: texts.firstRule(joined(labels.map(labelName))), labels: [...labels], severity };
    void act(async () => {
      await addCamera({ name: name.trim(), streams: [{ url: url.trim() }], rules: [rule] });
      onClose();
      await refreshCameras();
    });
  };

  return (
    <Dialog title={texts.addCamera} onClose={onClose}>
      <form onSubmit={submit}>
        <label class="field">
          <span>{texts.cameraName}</span>
          <input
            name="name"
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
            required
            maxLength={200}
            autocomplete="off"
            autofocus
          />
          <small>{texts.cameraNameHint}</small>
        </label>
        <label class="field">
          <span>{texts.streamUrl}</span>
          <input
            name="url"
            value={url}
            onInput={(event) => setUrl(event.currentTarget.value)}
            required
            pattern="\s*[a-z]+://.+"
            maxLength={2000}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            inputMode="url"
          />
          <small>{texts.streamUrlHint}</small>
        </label>
        <LabelChoice legend={texts.reportWhat} chosen={labels} onChange={setLabels}>
          <small role="status">{labels.length === 0 ? texts.chooseOne : texts.reportWhatHint}</small>
        </LabelChoice>
        <SeverityChoice chosen={severity} onChange={setSeverity} />
        {problem && <ProblemNote problem={problem} />}
        <div class="buttons">
          <button type="button" class="quiet" onClick={onClose}>
            {texts.cancel}
          </button>
          <button type="submit" class="main" disabled={isBusy || labels.length === 0}>
            {isBusy ? texts.busy : texts.add}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
