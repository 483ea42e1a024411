import type { JSX } from "preact";
import { deskLink } from "../../desk";
import { text } from "../../i18n";
import { Icon } from "../icons";

/** The way back to the list. */
export function BackToAll(): JSX.Element {
  const words = text.value.alerts.all;
  return (
    <a class="button bare" href={deskLink("alerts")} title={words} aria-label={words}>
      <Icon name="back" />
    </a>
  );
}
