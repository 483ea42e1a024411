import { computed, effect, signal } from "@preact/signals";
import { asProblem } from "../api/client";
import { readEvent } from "../api/events";
import type { Problem } from "../api/problem";
import type { EventRecord } from "../api/types";
import { route } from "../route";
import { list, newestChange } from "./events";

const MEDIA_POLL_MS = 2_000;

const read = signal<EventRecord | null>(null);
export const openProblem = signal<Problem | null>(null);

const openId = computed(() => route.value.open);

/** The event that the route has open, in its newest known version. */
export const openEvent = computed<EventRecord | null>(() => {
  const id = openId.value;
  if (id === null) return null;
  const listed = list.items.value.find((event) => event.id === id);
  const fetched = read.value?.id === id ? read.value : undefined;
  if (listed === undefined || fetched === undefined) return fetched ?? listed ?? null;
  return listed.version > fetched.version ? listed : fetched;
});

/** The events beside the open one in the list: newer, older. */
export const neighbours = computed<{ newer: string | null; older: string | null }>(() => {
  const items = list.items.value;
  const at = items.findIndex((event) => event.id === openId.value);
  if (at < 0) return { newer: null, older: null };
  return { newer: items[at - 1]?.id ?? null, older: items[at + 1]?.id ?? null };
});

function awaitsMedia(event: EventRecord | null): boolean {
  return event !== null && [event.media.snapshot, event.media.clip].some((medium) => medium.state === "pending");
}

/** Read the open event when it is opened, and again for as long as its picture or clip is on the way. */
export function startOpenEvent(): void {
  effect(() => {
    const id = openId.value;
    openProblem.value = null;
    if (id === null) return undefined;
    const stop = new AbortController();
    const ask = async () => {
      try {
        const event = await readEvent(id, stop.signal);
        read.value = event;
        openProblem.value = null;
        list.change(event);
      } catch (error) {
        if (!stop.signal.aborted) openProblem.value = asProblem(error);
      }
    };
    void ask();
    const timer = setInterval(() => {
      if (!document.hidden && awaitsMedia(openEvent.peek())) void ask();
    }, MEDIA_POLL_MS);
    return () => {
      clearInterval(timer);
      stop.abort();
    };
  });
  effect(() => {
    const change = newestChange.value;
    if (change !== null && change.id === openId.peek()) read.value = change;
  });
}
