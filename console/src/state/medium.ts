import type { EventRecord, MediaState } from "../api/types";

/** The state of a medium as to be shown: while an event goes on, what is not there yet is on its way. */
export function shownState(event: EventRecord, kind: "snapshot" | "clip"): MediaState {
  const { state, reason } = event.media[kind];
  return state === "none" && reason === null && event.ended_at === null ? "pending" : state;
}
