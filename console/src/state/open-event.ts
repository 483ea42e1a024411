import { computed, effect, signal } from "@preact/signals";
import { asProblem } from "../api/client";
import { readEvent } from "../api/events";
import type { Problem } from "../api/problem";
import type { EventRecord } from "../api/types";
import { route } from "../route";
import { gaps, list, newestChange } from "./events";

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

/** Read the open event when it is opened, and again after each gap of the live stream, which brings its changes. */
export function startOpenEvent(): void {
  effect(() => {
    const id = openId.value;
    gaps.value;
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
    return () => stop.abort();
  });
  effect(() => {
    const change = newestChange.value;
    if (change !== null && change.id === openId.peek()) read.value = change;
  });
}
