import type { JSX } from "preact";
import type { DeliveryState } from "../../api/deliveries";
import type { Health, SubscriptionState } from "../../api/subscriptions";
import { text } from "../../i18n";
import { nearTime } from "../../i18n/time";
import type { Mood } from "../../state/cameras";
import { Icon, type IconName } from "../icons";

const SIGNS: Record<Mood, IconName> = { good: "live", busy: "busy", bad: "warning", quiet: "pause" };
const OF_SUBSCRIPTION: Record<SubscriptionState, Mood> = { active: "good", paused: "quiet", stopped: "bad" };
const OF_DELIVERY: Record<DeliveryState, Mood> = { waiting: "busy", delivered: "good", dead: "bad", withheld: "quiet" };

interface BadgeProps {
  mood: Mood;
  words: string;
  title?: string;
}

/** A state by sign, word and colour: never by colour alone. */
function Badge({ mood, words, title }: BadgeProps): JSX.Element {
  return (
    <span class={`badge mood-${mood}`} title={title}>
      <Icon name={SIGNS[mood]} />
      {words}
    </span>
  );
}

export function SubscriptionBadge({ state }: { state: SubscriptionState }): JSX.Element {
  const { states, stateHints } = text.value.alerts;
  return <Badge mood={OF_SUBSCRIPTION[state]} words={states[state]} title={stateHints[state]} />;
}

export function DeliveryBadge({ state }: { state: DeliveryState }): JSX.Element {
  return <Badge mood={OF_DELIVERY[state]} words={text.value.deliveries.states[state]} />;
}

/** That the receiver is left alone for a while; nothing where it is sent to. */
export function CircuitBadge({ circuit }: Pick<Health, "circuit">): JSX.Element | null {
  if (circuit === null) return null;
  const { resting, restingHint } = text.value.alerts;
  return <Badge mood="bad" words={resting(nearTime(circuit.open_until))} title={restingHint} />;
}
