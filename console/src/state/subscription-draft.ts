import type { Grouping, Moment, Subscription, SubscriptionTerms } from "../api/subscriptions";
import type { Hours } from "../api/rules";
import type { Severity } from "../api/types";
import { filterIn, NO_FILTERS, type EventFilter } from "../event-filter";
import { conditionsOf, filterOf, timeless } from "./conditions";
import { changedAmong, differences, joinedDrafts, type Difference } from "./conflict";

/** What stands in the form of a subscription. */
export interface SubscriptionDraft {
  name: string;
  /** "": not chosen yet. It cannot be changed later. */
  department: string;
  url: string;
  filter: EventFilter;
  min_severity: Severity;
  hours: Hours[];
  moments: Moment[];
  grouping: Grouping;
  cool_down_s: number;
  with_picture: boolean;
  notices: boolean;
}

/** What can be changed of it. */
export const TERMS = [
  "name",
  "url",
  "filter",
  "min_severity",
  "hours",
  "moments",
  "grouping",
  "cool_down_s",
  "with_picture",
  "notices",
] as const;
export type Term = (typeof TERMS)[number];

/** The usual length of a group, and what is offered beside it, in seconds. */
export const USUAL_COOL_DOWN_S = 60;
export const COOL_DOWNS = [60, 300, 900, 3600] as const;

const NEW: SubscriptionDraft = {
  name: "",
  department: "",
  url: "",
  filter: NO_FILTERS,
  min_severity: 4,
  hours: [],
  moments: ["started"],
  grouping: "event",
  cool_down_s: 0,
  with_picture: true,
  notices: false,
};

/** A new one for `department`; a link may say of which events. */
export const newSubscription = (department: string, query: URLSearchParams): SubscriptionDraft => ({
  ...NEW,
  department,
  filter: timeless(filterIn(query)),
});

export const draftOf = (found: Subscription): SubscriptionDraft => ({
  name: found.name,
  department: String(found.department.id),
  url: found.url ?? "",
  filter: filterOf(found.filter),
  min_severity: found.min_severity,
  hours: found.hours,
  moments: found.moments,
  grouping: found.grouping,
  cool_down_s: found.cool_down_s,
  with_picture: found.with_picture,
  notices: found.notices,
});

/** With another grouping: together needs a length, one by one has none. */
export const grouped = (grouping: Grouping, coolDownS: number): Pick<SubscriptionDraft, "grouping" | "cool_down_s"> => ({
  grouping,
  cool_down_s: grouping === "event" ? 0 : coolDownS || USUAL_COOL_DOWN_S,
});

/** The draft as the server wants it. */
export const termsOf = (draft: SubscriptionDraft): SubscriptionTerms => ({
  name: draft.name.trim(),
  url: draft.url.trim(),
  filter: conditionsOf(draft.filter),
  min_severity: draft.min_severity,
  hours: draft.hours,
  moments: draft.moments,
  grouping: draft.grouping,
  cool_down_s: draft.cool_down_s,
  with_picture: draft.with_picture,
  notices: draft.notices,
});

/** Each term as JSON: so terms of any form can be compared, and put together again. */
function textsOf(draft: SubscriptionDraft): Record<Term, string> {
  const terms = termsOf(draft);
  return Object.fromEntries(TERMS.map((term) => [term, JSON.stringify(terms[term])])) as Record<Term, string>;
}

/** A term of its JSON. */
export const termIn = <T extends Term>(texts: Record<T, string>, term: T): SubscriptionTerms[T] =>
  JSON.parse(texts[term]) as SubscriptionTerms[T];

/** What the form would change, as the server wants it. */
export function changeOf(before: SubscriptionDraft, after: SubscriptionDraft): Partial<SubscriptionTerms> {
  const terms = termsOf(after);
  const changed = changedAmong(TERMS, textsOf(before), textsOf(after));
  return Object.fromEntries(changed.map((term) => [term, terms[term]]));
}

/** What somebody else has changed of a subscription while its form was open. */
export interface SubscriptionConflict {
  before: Subscription;
  theirs: Subscription;
  fields: Difference<Term>[];
}

export const conflictOf = (before: Subscription, theirs: Subscription, mine: SubscriptionDraft): SubscriptionConflict => ({
  before,
  theirs,
  fields: differences(TERMS, textsOf(draftOf(before)), textsOf(draftOf(theirs)), textsOf(mine)),
});

/** Their state with what was changed here, as far as it is to be kept. */
export function settled(
  { before, theirs }: SubscriptionConflict,
  mine: SubscriptionDraft,
  keep: "mine" | "theirs",
): SubscriptionDraft {
  const texts = joinedDrafts(TERMS, textsOf(draftOf(before)), textsOf(draftOf(theirs)), textsOf(mine), keep);
  const terms = Object.fromEntries(TERMS.map((term) => [term, termIn(texts, term)])) as unknown as SubscriptionTerms;
  return { ...mine, ...terms, filter: filterOf(terms.filter) };
}
