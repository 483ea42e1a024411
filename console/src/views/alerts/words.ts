import type { Count, Subscription, SubscriptionTerms } from "../../api/subscriptions";
import { MOMENTS } from "../../api/subscriptions";
import { joined, text, word } from "../../i18n";
import { hoursText } from "../../i18n/conditions";
import { span } from "../../i18n/time";
import { filterOf } from "../../state/conditions";
import type { Term } from "../../state/subscription-draft";
import { furtherFilters, quickFilters } from "../filter-words";

export const countWords = ({ count, at_least: atLeast }: Count): string =>
  text.value.alerts.count(count.toLocaleString(), atLeast);

/** Host and port of a receiver; a port that goes without saying is left out. */
export function hostOf({ target }: Pick<Subscription, "target">): string {
  const { host, protocol } = new URL(target);
  return protocol === "https:" ? host : `${protocol}//${host}`;
}

/** Which events, in words. */
export function filterWords(filter: SubscriptionTerms["filter"]): string[] {
  const at = filterOf(filter);
  return [...quickFilters(at), ...furtherFilters(at)].map(({ words }) => words);
}

/** What is told together, as one sentence. */
export function groupingWords({ grouping, cool_down_s: coolDownS }: Pick<SubscriptionTerms, "grouping" | "cool_down_s">): string {
  const texts = text.value.alerts;
  return grouping === "event" ? texts.oneByOne : texts.together(grouping, span(coolDownS * 1000));
}

/** Some of a subscription's terms; its address is told to those alone who look after it. */
type Said = Partial<Omit<SubscriptionTerms, "url">> & { url?: string | null };

/** A term's value in words, as the form shows it. */
export function termWords(term: Term, said: Said): string {
  const texts = text.value.alerts;
  switch (term) {
    case "filter":
      return joined(filterWords(said.filter ?? {})) || texts.everything;
    case "min_severity":
      return texts.atLeast(word("severities", said.min_severity ?? 4));
    case "hours":
      return joined((said.hours ?? []).map(hoursText)) || texts.always;
    case "moments":
      return joined(MOMENTS.filter((one) => said.moments?.includes(one)).map((one) => texts.momentNames[one]));
    case "grouping":
      return texts.groupings[said.grouping ?? "event"];
    case "cool_down_s":
      return span((said.cool_down_s ?? 0) * 1000);
    case "with_picture":
      return said.with_picture ? texts.withPicture : texts.withoutPicture;
    default:
      return String(said[term] ?? "");
  }
}
