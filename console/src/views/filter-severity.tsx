import type { JSX } from "preact";
import { text, word } from "../i18n";
import { useFilter } from "./filtering";
import { SEVERITIES } from "./severity";

/** How urgent what is looked for is: any of those chosen. */
export function SeverityFilter(): JSX.Element {
  const { at, alter } = useFilter();
  const chosen = at.value.severities;
  return (
    <fieldset class="checks">
      <legend>{text.value.severityHint}</legend>
      {SEVERITIES.map((one) => (
        <label key={one}>
          <input
            type="checkbox"
            checked={chosen.includes(one)}
            onChange={() => alter({ severities: SEVERITIES.filter((s) => chosen.includes(s) !== (s === one)) })}
          />
          <span class={`severity s${one}`}>
            <b>{one}</b>
            {word("severities", one)}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
