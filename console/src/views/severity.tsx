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
