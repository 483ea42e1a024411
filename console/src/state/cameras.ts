import { batch, computed, effect, signal } from "@preact/signals";
import { listCameras, readCamera, readOverview } from "../api/cameras";
import { asProblem } from "../api/client";
import type { Problem } from "../api/problem";
import type { Camera, Overview } from "../api/types";
import type { CameraState } from "../i18n/words";
import { desk } from "../desk";
import { route } from "../route";
import { entries, isSignedIn } from "./session";

const PAGE = 48;
const POLL_MS = 3_000;

export const cameras = signal<Camera[] | null>(null);
export const hasMore = signal(false);
export const overview = signal<Overview | null>(null);
export const camerasProblem = signal<Problem | null>(null);

const pages = signal(1);
let running = new AbortController();

export const stateOf = (camera: Camera): CameraState =>
  camera.enabled ? ((camera.status?.state ?? "unknown") as CameraState) : "paused";

/** Whether it pays to ask for a picture: a camera that never brought one has none. */
export function mayHavePicture({ enabled, status }: Camera): boolean {
  return enabled && status !== null && (status.state === "live" || status.counters.looked_at > 0);
}

export type Mood = "good" | "busy" | "bad" | "quiet";

/** What a state means to an operator: its colour and its sign. */
export function moodOf(state: string): Mood {
  switch (state) {
    case "live":
      return "good";
    case "connecting":
      return "busy";
    case "paused":
    case "unknown":
    case "finished":
    case "stopped":
      return "quiet";
    default:
      return "bad";
  }
}

const filter = computed(() => ({ q: route.value.q.trim(), state: route.value.state }));
/** Whether the wall of cameras is out of sight: the header needs the numbers alone then. */
const isAway = computed(() => desk.value !== null || route.value.view === "search");
const filterText = computed(() => JSON.stringify(filter.value));

/** Read the pages that are shown and the overview. */
export async function refreshCameras(): Promise<void> {
  running.abort();
  const { signal } = (running = new AbortController());
  try {
    if (isAway.peek()) {
      overview.value = await readOverview(signal);
      return;
    }
    const found: Camera[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < pages.peek(); page++) {
      const answer = await listCameras(filter.peek(), PAGE, cursor, signal);
      found.push(...answer.items);
      cursor = answer.next;
      if (cursor === null) break;
    }
    const counts = await readOverview(signal);
    batch(() => {
      cameras.value = found;
      hasMore.value = cursor !== null;
      overview.value = counts;
      camerasProblem.value = null;
    });
  } catch (error) {
    if (!signal.aborted) camerasProblem.value = asProblem(error);
  }
}

export function showMoreCameras(): void {
  pages.value += 1;
}

/** Names of cameras met so far, for filters that know only a number. */
export const cameraNames = signal<ReadonlyMap<number, string>>(new Map());

export function learnNames(met: readonly { id: number; name: string }[]): void {
  const known = cameraNames.peek();
  const fresh = met.filter(({ id, name }) => known.get(id) !== name);
  if (fresh.length > 0) cameraNames.value = new Map([...known, ...fresh.map(({ id, name }) => [id, name] as const)]);
}

/** Ask for the names of cameras that a filter names and that the page has not met. */
export function askForNames(ids: readonly number[]): void {
  for (const id of ids.filter((one) => !cameraNames.peek().has(one))) {
    // A camera that is gone keeps its number as its name.
    readCamera(id).then(
      (camera) => learnNames([camera]),
      (error) => asProblem(error),
    );
  }
}

/** Keep the wall in step with its filter, and ask again every few seconds while somebody looks. */
export function startCameras(): void {
  effect(() => {
    filterText.value;
    pages.value = 1;
  });
  effect(() => {
    filterText.value;
    pages.value;
    isAway.value;
    entries.value;
    void refreshCameras();
  });
  effect(() => askForNames(route.value.cameras));
  let isAsking = false;
  const ask = async () => {
    if (document.hidden || isAsking || !isSignedIn.peek()) return;
    isAsking = true;
    await refreshCameras().finally(() => (isAsking = false));
  };
  setInterval(() => void ask(), POLL_MS);
  document.addEventListener("visibilitychange", () => void ask());
}
