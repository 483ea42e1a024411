import { computed, effect, signal } from "@preact/signals";
import { asProblem } from "../api/client";
import { readEvent } from "../api/events";
import type { Problem } from "../api/problem";
import type { EventRecord } from "../api/types";
import { route } from "../route";
import { gaps, list, newestChange } from "./events";
import { shownState } from "./medium";

/** An event that goes on and that the live stream does not tell of, since it does not fit the filters, is read so often. */
const AGAIN_MS = 10_000;

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

/** Know better what the open event is: something was done with it that is no version of it. */
export function learnOpenEvent(event: EventRecord): void {
  if (event.id !== openId.peek()) return;
  read.value = event;
  if (isListed(event.id)) list.change(event);
}

/** The events beside the open one in the list: above it, below it. */
export const neighbours = computed<{ above: string | null; below: string | null }>(() => {
  const items = list.items.value;
  const at = items.findIndex((event) => event.id === openId.value);
  if (at < 0) return { above: null, below: null };
  return { above: items[at - 1]?.id ?? null, below: items[at + 1]?.id ?? null };
});

const isListed = (id: string): boolean => list.items.peek().some((event) => event.id === id);

const isUnfinished = (event: EventRecord): boolean =>
  event.ended_at === null || shownState(event, "snapshot") === "pending" || shownState(event, "clip") === "pending";

/** Read the open event when it is opened, and again after each gap of the live stream, which brings its changes. */
export function startOpenEvent(): void {
  effect(() => {
    const id = openId.value;
    gaps.value;
    openProblem.value = null;
    if (id === null) return undefined;
    const stop = new AbortController();
    let timer = 0;
    const ask = async () => {
      try {
        const event = await readEvent(id, stop.signal);
        read.value = event;
        openProblem.value = null;
        if (isListed(id)) list.change(event);
        else if (isUnfinished(event)) timer = window.setTimeout(() => void ask(), AGAIN_MS);
      } catch (error) {
        if (!stop.signal.aborted) openProblem.value = asProblem(error);
      }
    };
    void ask();
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  });
  effect(() => {
    const change = newestChange.value;
    if (change !== null && change.id === openId.peek()) read.value = change;
  });
}
