import type { JSX } from "preact";
import { text, word } from "../i18n";
import { KINDS } from "../i18n/kinds";
import { useFilter } from "./filtering";

export function KindFilter(): JSX.Element {
  const { at, alter } = useFilter();
  const chosen = at.value.kinds;
  return (
    <fieldset class="checks">
      <legend class="unseen">{text.value.kind}</legend>
      {KINDS.map((kind) => (
        <label key={kind}>
          <input
            type="checkbox"
            checked={chosen.includes(kind)}
            onChange={() => alter({ kinds: KINDS.filter((one) => chosen.includes(one) !== (one === kind)) })}
          />
          {word("kinds", kind)}
        </label>
      ))}
    </fieldset>
  );
}
