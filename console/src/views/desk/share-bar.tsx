import type { JSX } from "preact";
import type { Uptime } from "../../api/uptime";
import { text, word } from "../../i18n";
import { length } from "../../i18n/time";
import { moodOf, type Mood } from "../../state/cameras";

/** From these shares on a stream's time is as it should be, and not too bad. */
const GOOD = 0.98;
const FAIR = 0.9;

/** What a share of time means to an operator. */
export function moodOfShare(share: number): "good" | "fair" | "bad" {
  if (share >= GOOD) return "good";
  return share >= FAIR ? "fair" : "bad";
}

/** Never "100 %" for what is less. */
export function percent(share: number): string {
  const digits = share > 0 && share < 1 ? (share >= 0.999 ? 3 : share >= 0.99 ? 2 : 1) : 0;
  const cut = Math.floor(share * 100 * 10 ** digits) / 10 ** digits;
  return `${cut.toFixed(digits)} %`;
}

const ORDER: readonly Mood[] = ["good", "busy", "bad", "quiet"];
/** Nobody watched: not the camera's fault, and yet not live. */
export const moodOfSpell = (state: string): Mood => (state === "unwatched" ? "quiet" : moodOf(state));

/** How the time went, as a bar: live first, then what else. */
export function StateBar({ uptime }: { uptime: Uptime }): JSX.Element {
  const parts = uptime.by_state
    .filter(({ seconds }) => seconds > 0)
    .sort((a, b) => ORDER.indexOf(moodOfSpell(a.state)) - ORDER.indexOf(moodOfSpell(b.state)) || b.seconds - a.seconds);
  const all = Math.max(1, uptime.watched_s);
  const words = parts.map(({ state, seconds }) => `${word("states", state)} ${length(seconds)}`).join(" · ");
  return (
    <span class="state-bar" role="img" aria-label={words || text.value.uptime.notWatched} title={words}>
      {parts.map(({ state, seconds }) => (
        <span key={state} class={`mood-${moodOfSpell(state)}`} style={{ width: `${(seconds / all) * 100}%` }} />
      ))}
    </span>
  );
}

