import type { JSX } from "preact";
import type { Subscription } from "../../api/subscriptions";
import { text } from "../../i18n";
import { nearTime } from "../../i18n/time";
import { Instant } from "../instant";
import { CircuitBadge } from "./badges";
import { countWords } from "./words";

/** How a subscription is doing, and why nothing is sent where it is so. */
export function HealthFacts({ subscription }: { subscription: Subscription }): JSX.Element {
  const texts = text.value.alerts;
  const { state, state_reason: reason, health } = subscription;
  const { circuit, last_success_at: last } = health;
  return (
    <section class="group health" aria-label={texts.columns.state}>
      {state !== "active" && (
        <p class={`state-why mood-${state === "stopped" ? "bad" : "quiet"}`}>
          {texts.stateHints[state]}
          {reason && <q lang="en">{reason}</q>}
        </p>
      )}
      <dl class="facts">
        {circuit !== null && (
          <>
            <dt>{texts.health.receiver}</dt>
            <dd>
              <CircuitBadge circuit={circuit} />
              <small lang="en">{circuit.reason}</small>
            </dd>
          </>
        )}
        <dt>{texts.health.waiting}</dt>
        <dd>{countWords(health.waiting)}</dd>
        <dt>{texts.health.dead}</dt>
        <dd class={health.dead.count > 0 ? "told" : undefined}>{countWords(health.dead)}</dd>
        <dt>{texts.health.lastSuccess}</dt>
        <dd>{last === null ? texts.never : <Instant at={last}>{nearTime(last)}</Instant>}</dd>
        <dt>{texts.health.rate}</dt>
        <dd>{texts.perMinute(health.per_minute.toLocaleString(undefined, { maximumFractionDigits: 1 }))}</dd>
      </dl>
    </section>
  );
}
