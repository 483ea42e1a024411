import type { JSX } from "preact";
import { text } from "../../i18n";

/** How a program receives what it is told, in short. */
export function Guide(): JSX.Element {
  const texts = text.value.alerts;
  return (
    <details class="guide">
      <summary>{texts.guide}</summary>
      <p>{texts.guideText}</p>
    </details>
  );
}
