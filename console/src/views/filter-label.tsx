import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { labelName, text } from "../i18n";
import { COMMON_LABELS, LABELS } from "../i18n/labels";
import { useFilter } from "./filtering";

const RARE = LABELS.filter((label) => !COMMON_LABELS.includes(label));

export function LabelFilter(): JSX.Element {
  const [q, setQ] = useState("");
  const { at, alter } = useFilter();
  const chosen = at.value.labels;
  const wanted = q.trim().toLowerCase();
  const known: string[] = [...COMMON_LABELS, ...RARE];
  const all = [...chosen.filter((label) => !known.includes(label)), ...known];
  const found = all.filter((label) => label.includes(wanted) || labelName(label).toLowerCase().includes(wanted));
  const toggle = (label: string) =>
    alter({ labels: chosen.includes(label) ? chosen.filter((one) => one !== label) : [...chosen, label] });
  return (
    <>
      <input
        type="search"
        value={q}
        placeholder={text.value.searchLabels}
        aria-label={text.value.searchLabels}
        onInput={(event) => setQ(event.currentTarget.value)}
      />
      <fieldset class="checks tall">
        <legend class="unseen">{text.value.label}</legend>
        {found.map((label) => (
          <label key={label}>
            <input type="checkbox" checked={chosen.includes(label)} onChange={() => toggle(label)} />
            {labelName(label)}
          </label>
        ))}
      </fieldset>
    </>
  );
}
