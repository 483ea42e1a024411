import { address, request } from "./client";
import { queryOf, type EventQuery } from "./events";
import { Problem } from "./problem";
import { messages } from "./sse";
import type { EventRecord } from "./types";

export type Link = "connecting" | "live" | "lost";

export interface Follower {
  onChange(event: EventRecord): void;
  onLink(link: Link): void;
  /** Up to where changes have been told: a number to begin after. */
  onPlace(place: string): void;
  /** The stream is open but may have missed changes: what is shown must be read anew. */
  onGap(): void;
}

/** Longer than the longest pause between two heartbeats that the server can be set to. */
const SILENCE_MS = 65_000;
/** A tab that is hidden for so long lets go of its connection: a browser opens only six to one server. */
const HIDDEN_MS = 60_000;
/** After a longer absence the list is read anew, rather than made up from all that changed meanwhile. */
const FORGET_MS = 300_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 20_000;

/**
 * Follow the changes of the events that the query finds until the returned function is called: reconnects, resuming
 * after the last change seen. It begins after `place`; null: now.
 */
export function followChanges(query: EventQuery, place: string | null, follower: Follower): () => void {
  const stop = new AbortController();
  void follow(query, place, follower, stop.signal);
  return () => stop.abort();
}

async function follow(query: EventQuery, place: string | null, follower: Follower, stop: AbortSignal): Promise<void> {
  // What was going on before the query began is no matter of changes.
  const url = address("/event-changes", queryOf({ ...query, overlap: false }));
  let last = place;
  let pauseMs = FIRST_PAUSE_MS;
  if (last === null) follower.onLink("connecting");
  while (!stop.aborted) {
    const attempt = new AbortController();
    const end = () => attempt.abort();
    stop.addEventListener("abort", end, { once: true });
    const stopWatching = whenHidden(HIDDEN_MS, end);
    let silence = setTimeout(end, SILENCE_MS);
    try {
      const headers: Record<string, string> = { Accept: "text/event-stream" };
      if (last !== null) headers["Last-Event-ID"] = last;
      const response = await request(url, { headers, signal: attempt.signal, cache: "no-store" });
      if (response.body === null) throw new DOMException("no body", "AbortError");
      if (last === null) follower.onGap();
      follower.onLink("live");
      pauseMs = FIRST_PAUSE_MS;
      for await (const message of messages(response.body)) {
        clearTimeout(silence);
        silence = setTimeout(end, SILENCE_MS);
        if (message === "sign of life") continue;
        // A piece may hold several messages, and the following end between two of them.
        if (stop.aborted) return;
        last = message.id ?? last;
        if (last !== null) follower.onPlace(last);
        if (message.event === "event" && message.data !== "") follower.onChange(JSON.parse(message.data) as EventRecord);
      }
    } catch (error) {
      // The server may refuse to resume from there: then begin now, and read anew what is shown.
      if (error instanceof Problem && error.status >= 400 && error.status < 500) last = null;
      else if (!isBrokenOff(error)) console.error("the live stream failed", error);
    } finally {
      clearTimeout(silence);
      stopWatching();
      stop.removeEventListener("abort", end);
    }
    if (stop.aborted) return;
    follower.onLink("lost");
    if (document.hidden) {
      const awayMs = await untilShown();
      if (awayMs > FORGET_MS) last = null;
      pauseMs = FIRST_PAUSE_MS;
      follower.onLink("connecting");
      continue;
    }
    await pause(pauseMs * (0.75 + Math.random() / 2), stop);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

/** The connection ended: refused, aborted by us, or broken off while it was read. */
function isBrokenOff(error: unknown): boolean {
  return error instanceof Problem || error instanceof TypeError || error instanceof DOMException;
}

/** Call `act` once the tab has been hidden for `ms` without a break. The returned function ends the watch. */
function whenHidden(ms: number, act: () => void): () => void {
  let timer = 0;
  const look = () => {
    clearTimeout(timer);
    if (document.hidden) timer = window.setTimeout(act, ms);
  };
  look();
  document.addEventListener("visibilitychange", look);
  return () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", look);
  };
}

/** Wait until the tab can be seen; how long that took, in milliseconds. */
function untilShown(): Promise<number> {
  const began = Date.now();
  return new Promise((resolve) => {
    const look = () => {
      if (document.hidden) return;
      document.removeEventListener("visibilitychange", look);
      resolve(Date.now() - began);
    };
    document.addEventListener("visibilitychange", look);
  });
}

function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    stop.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
