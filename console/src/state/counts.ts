import { effect } from "@preact/signals";
import { readFacets, readHistogram, type Facets, type Histogram } from "../api/counts";
import type { EventQuery } from "../api/events";
import { route } from "../route";
import { Beside } from "./beside";
import { learnNames } from "./cameras";
import { asked, newestChange } from "./events";
import { entries } from "./session";

/** While events come in, counts are asked for again so often at most. */
const FRESH_MS = 15_000;

export const facets = new Beside<EventQuery, Facets>(readFacets);
export const histogram = new Beside<EventQuery, Histogram>(readHistogram);

/** Ask for the counts of what the list was asked for. */
function ask(query: EventQuery): void {
  facets.ask(query);
  const { last } = route.peek();
  // A range that ends now is drawn up to now, not to the end of the day.
  const endsNow = last !== null && last !== "today" && query.to === null;
  histogram.ask(endsNow ? { ...query, to: new Date().toISOString() } : query);
}

/** Keep the counts in step with the list while the search is open. */
export function startCounts(): void {
  effect(() => {
    const query = asked.value;
    entries.value;
    if (route.value.view !== "search") return undefined;
    ask(query);
    return () => {
      facets.stop();
      histogram.stop();
    };
  });
  let timer = 0;
  effect(() => {
    if (newestChange.value === null || timer !== 0) return;
    timer = window.setTimeout(() => {
      timer = 0;
      if (route.peek().view === "search" && !document.hidden) ask(asked.peek());
    }, FRESH_MS);
  });
  effect(() => learnNames((facets.answer.value?.cameras?.counts ?? []).map(({ value, name }) => ({ id: value, name }))));
}
