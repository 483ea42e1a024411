import type { JSX } from "preact";
import { utc } from "../i18n/time";

/** An instant in local words, with UTC on hover and for programs. */
export function Instant({ at, children }: { at: string; children: string }): JSX.Element {
  return (
    <time dateTime={at} title={utc(at)}>
      {children}
    </time>
  );
}
