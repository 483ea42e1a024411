import type { JSX } from "preact";
import type { Severity } from "../api/types";
import { text, word } from "../i18n";

export const SEVERITIES: readonly Severity[] = [1, 2, 3, 4];

/** How urgent: number, word and colour. */
export function SeverityTag({ severity }: { severity: Severity }): JSX.Element {
  return (
    <span class={`severity s${severity}`} title={`${text.value.severity} ${severity} · ${text.value.severityHint}`}>
      <b>{severity}</b>
      {word("severities", severity)}
    </span>
  );
}

interface SeverityChoiceProps {
  chosen: Severity;
  onChange: (severity: Severity) => void;
}

export function SeverityChoice({ chosen, onChange }: SeverityChoiceProps): JSX.Element {
  return (
    <fieldset class="field" data-field="severity">
      <legend>{text.value.severity}</legend>
      <div class="choice">
        {SEVERITIES.map((one) => (
          <label key={one} class="pick">
            <input type="radio" name="severity" checked={chosen === one} onChange={() => onChange(one)} />
            <span>{word("severities", one)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
