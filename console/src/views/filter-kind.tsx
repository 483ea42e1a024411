import type { JSX } from "preact";
import { text, word } from "../i18n";
import { KINDS } from "../i18n/kinds";
import { go, route } from "../route";

export function KindFilter(): JSX.Element {
  const chosen = route.value.kinds;
  return (
    <fieldset class="checks">
      <legend class="unseen">{text.value.kind}</legend>
      {KINDS.map((kind) => (
        <label key={kind}>
          <input
            type="checkbox"
            checked={chosen.includes(kind)}
            onChange={() => go({ kinds: KINDS.filter((one) => chosen.includes(one) !== (one === kind)) })}
          />
          {word("kinds", kind)}
        </label>
      ))}
    </fieldset>
  );
}
