import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Subscription } from "../../api/subscriptions";
import { text } from "../../i18n";
import { askForNames } from "../../state/cameras";
import { askForRegions } from "../../state/names";
import { Guide } from "./guide";
import { filterWords, groupingWords, hostOf, termWords } from "./words";

/** What a subscription tells, where and when, in words. */
export function TermFacts({ subscription }: { subscription: Subscription }): JSX.Element {
  const texts = text.value.alerts;
  const { fields } = texts;
  const { region, camera } = subscription.filter;
  useEffect(() => {
    if (region != null) askForRegions([region]);
    askForNames(camera ?? []);
  }, [JSON.stringify([region, camera])]);
  const conditions = filterWords(subscription.filter);
  return (
    <section class="group terms" aria-label={texts.terms}>
      <h3>{texts.terms}</h3>
      <dl class="facts">
        <dt>{fields.department}</dt>
        <dd>{subscription.department.name}</dd>
        <dt>{fields.url}</dt>
        <dd class="code">{subscription.url ?? hostOf(subscription)}</dd>
        <dt>{fields.filter}</dt>
        <dd>
          {conditions.length === 0 ? (
            texts.everything
          ) : (
            <ul class="asked-for">
              {conditions.map((words) => (
                <li key={words}>{words}</li>
              ))}
            </ul>
          )}
        </dd>
        <dt>{fields.min_severity}</dt>
        <dd>{termWords("min_severity", subscription)}</dd>
        <dt>{fields.moments}</dt>
        <dd>{termWords("moments", subscription)}</dd>
        <dt>{fields.hours}</dt>
        <dd>{termWords("hours", subscription)}</dd>
        <dt>{fields.grouping}</dt>
        <dd>
          {texts.groupings[subscription.grouping]}
          <small>{groupingWords(subscription)}</small>
        </dd>
        <dt>{fields.picture}</dt>
        <dd>{termWords("with_picture", subscription)}</dd>
        <dt>{fields.notices}</dt>
        <dd>{termWords("notices", subscription)}</dd>
      </dl>
      <Guide />
    </section>
  );
}
