import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { addCamera } from "../api/cameras";
import type { Severity } from "../api/types";
import { joined, labelName, text, word } from "../i18n";
import { COMMON_LABELS, LABELS, type Label } from "../i18n/labels";
import { refreshCameras } from "../state/cameras";
import { useAct } from "./act";
import { Dialog } from "./dialog";
import { ProblemNote } from "./problem-note";
import { SEVERITIES } from "./severity";

const FIRST_CHOICE: readonly Label[] = ["person"];

/** Name, address, and what to report: one form makes the camera, its stream and its first rule. */
export function AddCamera({ onClose }: { onClose: () => void }): JSX.Element {
  const texts = text.value;
  const [name, setName] = useState("");
  const [url, setUrl] = useState("rtsp://");
  const [labels, setLabels] = useState<readonly Label[]>(FIRST_CHOICE);
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
        <LabelChoice chosen={labels} onChange={setLabels} />
        <fieldset class="field">
          <legend>{texts.severity}</legend>
          <div class="choice">
            {SEVERITIES.map((one) => (
              <label key={one} class="pick">
                <input type="radio" name="severity" checked={severity === one} onChange={() => setSeverity(one)} />
                <span>{word("severities", one)}</span>
              </label>
            ))}
          </div>
        </fieldset>
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

interface LabelChoiceProps {
  chosen: readonly Label[];
  onChange: (labels: readonly Label[]) => void;
}

function LabelChoice({ chosen, onChange }: LabelChoiceProps): JSX.Element {
  const texts = text.value;
  const [isWhole, setWhole] = useState(false);
  const toggle = (label: Label) =>
    onChange(chosen.includes(label) ? chosen.filter((one) => one !== label) : [...chosen, label]);
  return (
    <fieldset class="field">
      <legend>{texts.reportWhat}</legend>
      <div class="choice">
        {(isWhole ? LABELS : COMMON_LABELS).map((label) => (
          <label key={label} class="pick">
            <input type="checkbox" name="label" checked={chosen.includes(label)} onChange={() => toggle(label)} />
            <span>{labelName(label)}</span>
          </label>
        ))}
        {!isWhole && (
          <button type="button" class="chip" onClick={() => setWhole(true)}>
            {texts.moreLabels}
          </button>
        )}
      </div>
      <small role="status">{chosen.length === 0 ? texts.chooseOne : texts.reportWhatHint}</small>
    </fieldset>
  );
}
