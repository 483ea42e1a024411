import { effect, signal } from "@preact/signals";
import { followChanges, type Link } from "../api/changes";
import type { EventRecord } from "../api/types";
import { eventQuery, filterKey, route } from "../route";
import { EventList } from "./event-list";
import { isSignedIn } from "./session";

export const list = new EventList();

/** How the live stream is doing. */
export const link = signal<Link>("connecting");

/** The newest change of any event, whether the list shows it or not. */
export const newestChange = signal<EventRecord | null>(null);

/** How often the live stream began anew, so that changes may have been missed. */
export const gaps = signal(0);

export function searchAgain(): void {
  void list.search(eventQuery(route.peek(), Date.now()));
}

/** Keep the list in step with the route's filters and the live stream, for as long as somebody is signed in. */
export function startEvents(): void {
  effect(() => {
    filterKey.value;
    searchAgain();
  });
  effect(() => {
    // While nobody is signed in nothing is told; what was missed is read anew when it goes on.
    if (!isSignedIn.value) return undefined;
    return followChanges({
      onChange: (event) => {
        newestChange.value = event;
        list.change(event);
      },
      onLink: (state) => {
        link.value = state;
      },
      onGap: () => {
        gaps.value += 1;
        if (list.problem.peek() === null) void list.refresh();
        else searchAgain();
      },
    });
  });
}
