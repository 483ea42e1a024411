import type { JSX } from "preact";
import { word } from "../i18n";
import { moodOf, type Mood } from "../state/cameras";
import { Icon, type IconName } from "./icons";

const SIGNS: Record<Mood, IconName> = { good: "live", busy: "busy", bad: "warning", quiet: "pause" };

/** A camera's state by sign, word and colour: never by colour alone. */
export function StateBadge({ state }: { state: string }): JSX.Element {
  const mood = moodOf(state);
  return (
    <span class={`badge mood-${mood}`}>
      <Icon name={SIGNS[mood]} />
      {word("states", state)}
    </span>
  );
}
