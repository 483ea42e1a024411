import { effect, signal } from "@preact/signals";
import { followChanges, type Link } from "../api/changes";
import type { EventQuery } from "../api/events";
import type { EventRecord } from "../api/types";
import { eventQuery, route, searchKey } from "../route";
import { EventList } from "./event-list";
import { isSignedIn } from "./session";

/** A filter that is being changed stands still for so long before its changes are followed. */
const SETTLED_MS = 400;

export const list = new EventList();

/** What the list was asked for last, with its ranges resolved: the counts beside it are asked for the same. */
export const asked = signal<EventQuery>(eventQuery(route.peek(), Date.now()));

/** How the live stream is doing. */
export const link = signal<Link>("connecting");

/** The newest change of an event that fits the filters, whether the list shows it or not. */
export const newestChange = signal<EventRecord | null>(null);

/** How often the live stream began anew, so that changes may have been missed. */
export const gaps = signal(0);

/** Up to where changes have been told, by whichever filter; null: not at all, or too long ago. */
let place: string | null = null;

export function searchAgain(): void {
  const at = route.peek();
  asked.value = eventQuery(at, Date.now());
  void list.search(asked.value, at.order);
}

function follow(query: EventQuery): () => void {
  return followChanges(query, place, {
    onChange: (event) => {
      newestChange.value = event;
      list.change(event);
    },
    onLink: (state) => {
      link.value = state;
    },
    onPlace: (told) => {
      place = told;
    },
    onGap: () => {
      gaps.value += 1;
      if (list.problem.peek() === null) void list.refresh();
      else searchAgain();
    },
  });
}

/** Keep the list in step with the route's filters and the live stream, for as long as somebody is signed in. */
export function startEvents(): void {
  effect(() => {
    searchKey.value;
    searchAgain();
  });
  effect(() => {
    const query = asked.value;
    // While nobody is signed in nothing is told; what was missed is read anew when it goes on.
    if (!isSignedIn.value) {
      place = null;
      return undefined;
    }
    if (place === null) return follow(query);
    // The next stream goes on where this one ended, so nothing is missed between the two.
    let stop = () => undefined as void;
    const timer = setTimeout(() => (stop = follow(query)), SETTLED_MS);
    return () => {
      clearTimeout(timer);
      stop();
    };
  });
}
