import type { JSX } from "preact";
import type { Right } from "../api/grants";
import { deskLink } from "../desk";
import { text } from "../i18n";
import { who } from "../state/session";
import { Icon } from "./icons";

interface AskProps {
  camera: number;
  /** The right that was missing. */
  right: Right;
}

/** The way from what one may not see to the wish to see it. Auditors receive nothing, so they are not led there. */
export function AskForGrant({ camera, right }: AskProps): JSX.Element | null {
  if (who.value?.role === "auditor") return null;
  return (
    <a class="button quiet ask-for-grant" href={deskLink("sharing", "new", new URLSearchParams({ camera: String(camera), right }))}>
      <Icon name="key" />
      {text.value.sharing.askForIt}
    </a>
  );
}
