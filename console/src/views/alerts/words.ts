import type { Count, Subscription, SubscriptionTerms } from "../../api/subscriptions";
import { MOMENTS } from "../../api/subscriptions";
import { joined, text, word } from "../../i18n";
import { hoursText } from "../../i18n/conditions";
import { filterOf } from "../../state/conditions";
import type { Term } from "../../state/subscription-draft";
import { furtherFilters, quickFilters } from "../filter-words";

/** The least urgent severity: with it, nothing is left out. */
const LEAST = 4;

export const countWords = ({ count, at_least: atLeast }: Count): string =>
  text.value.alerts.count(count.toLocaleString(), atLeast);

/** Host and port of a receiver; a port that goes without saying is left out. */
export function hostOf({ target }: Pick<Subscription, "target">): string {
  const { host, protocol } = new URL(target);
  return protocol === "https:" ? host : `${protocol}//${host}`;
}

/** The length of a group, exactly. */
export function coolDownText(seconds: number): string {
  if (seconds > 0 && seconds % 3600 === 0) return text.value.hours(seconds / 3600);
  return seconds > 0 && seconds % 60 === 0 ? text.value.minutes(seconds / 60) : text.value.seconds(seconds);
}

/** Which events, in words. */
export function filterWords(filter: SubscriptionTerms["filter"]): string[] {
  const at = filterOf(filter);
  return [...quickFilters(at), ...furtherFilters(at)].map(({ words }) => words);
}

/** What is told together, as one sentence. */
export function groupingWords({ grouping, cool_down_s: coolDownS }: Pick<SubscriptionTerms, "grouping" | "cool_down_s">): string {
  const texts = text.value.alerts;
  return grouping === "event" ? texts.oneByOne : texts.together(grouping, coolDownText(coolDownS));
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
      return (said.min_severity ?? LEAST) === LEAST ? texts.anySeverity : texts.atLeast(word("severities", said.min_severity ?? LEAST));
    case "hours":
      return joined((said.hours ?? []).map(hoursText)) || texts.always;
    case "moments":
      return joined(MOMENTS.filter((one) => said.moments?.includes(one)).map((one) => texts.momentNames[one]));
    case "grouping":
      return texts.groupings[said.grouping ?? "event"];
    case "cool_down_s":
      return coolDownText(said.cool_down_s ?? 0);
    case "with_picture":
      return said.with_picture ? texts.withPicture : texts.withoutPicture;
    case "notices":
      return said.notices ? texts.withNotices : texts.withoutNotices;
    default:
      return String(said[term] ?? "");
  }
}
