import { batch, computed, effect, signal } from "@preact/signals";
import { readCamera } from "../api/cameras";
import { asProblem } from "../api/client";
import { listLines, listPrivacyAreas, listZones, type Line, type PrivacyArea, type Zone } from "../api/places";
import type { Problem } from "../api/problem";
import { listRules, type Rule } from "../api/rules";
import type { Camera } from "../api/types";
import { route } from "../route";
import { learnNames } from "./cameras";
import { entries, isSignedIn } from "./session";

const POLL_MS = 4_000;

/** A camera with what is drawn on its picture and the rules that apply to it. */
export interface Site {
  camera: Camera;
  zones: Zone[];
  lines: Line[];
  privacy: PrivacyArea[];
  rules: Rule[];
}

/** The camera whose page is open; null until it was read. */
export const site = signal<Site | null>(null);
export const siteProblem = signal<Problem | null>(null);

const openId = computed(() => route.value.site);
let running = new AbortController();

/** Read the open camera anew, with all that belongs to it. */
export async function refreshSite(): Promise<void> {
  running.abort();
  const { signal } = (running = new AbortController());
  const id = route.peek().site;
  if (id === null) return;
  try {
    const [camera, zones, lines, privacy, rules] = await Promise.all([
      readCamera(id, signal),
      listZones(id, signal),
      listLines(id, signal),
      listPrivacyAreas(id, signal),
      listRules(id, signal),
    ]);
    learnNames([camera]);
    batch(() => {
      site.value = {
        camera,
        zones: zones.items,
        lines: lines.items,
        privacy: privacy.items,
        rules: rules.items,
      };
      siteProblem.value = null;
    });
  } catch (error) {
    if (!signal.aborted) siteProblem.value = asProblem(error);
  }
}

/** Keep the open camera in step with the address, and ask again every few seconds while somebody looks. */
export function startSite(): void {
  effect(() => {
    const id = openId.value;
    entries.value;
    batch(() => {
      if (site.peek()?.camera.id !== id) site.value = null;
      siteProblem.value = null;
    });
    void refreshSite();
  });
  let isAsking = false;
  setInterval(() => {
    if (document.hidden || isAsking || !isSignedIn.peek() || route.peek().site === null) return;
    isAsking = true;
    void refreshSite().finally(() => (isAsking = false));
  }, POLL_MS);
}
