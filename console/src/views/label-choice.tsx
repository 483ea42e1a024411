import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { labelName, text } from "../i18n";
import { COMMON_LABELS, LABELS } from "../i18n/labels";

interface LabelChoiceProps {
  legend: string;
  chosen: readonly string[];
  onChange: (labels: string[]) => void;
  children?: ComponentChildren;
}

/** Which objects: the common ones first, all others on demand. */
export function LabelChoice({ legend, chosen, onChange, children }: LabelChoiceProps): JSX.Element {
  const texts = text.value;
  const [isWhole, setWhole] = useState(false);
  const offered: readonly string[] = isWhole ? LABELS : COMMON_LABELS;
  const shown = [...offered, ...chosen.filter((label) => !offered.includes(label))];
  const toggle = (label: string) =>
    onChange(chosen.includes(label) ? chosen.filter((one) => one !== label) : [...chosen, label]);
  return (
    <fieldset class="field" data-field="labels">
      <legend>{legend}</legend>
      <div class="choice">
        {shown.map((label) => (
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
      {children}
    </fieldset>
  );
}
