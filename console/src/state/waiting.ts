import { computed, effect, signal } from "@preact/signals";
import { asProblem } from "../api/client";
import { listGrants, type Grant } from "../api/grants";
import { listUnmaskings, type Unmasking } from "../api/unmaskings";
import { entries, isSignedIn, who } from "./session";

const POLL_MS = 30_000;

/** Grants that were asked for, of which one may know. */
export const requested = signal<readonly Grant[] | null>(null);
/** Wishes to see originals: waiting for somebody, or open for who asked. */
export const waiting = signal<readonly Unmasking[]>([]);
export const opened = signal<readonly Unmasking[]>([]);

export const toDecide = computed(() => (requested.value ?? []).filter(({ may }) => may.approve));
export const toAgree = computed(() => waiting.value.filter(({ may }) => may.approve));

/** How much waits for who is signed in. */
export const waitingCount = computed(() => toDecide.value.length + toAgree.value.length);

/** What is asked for in the background may fail: the page that shows it asks itself, and says why. */
async function quietly(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    asProblem(error);
  }
}

export const refreshRequested = (): Promise<void> =>
  quietly(async () => {
    requested.value = (await listGrants("requested", null)).items;
  });

export const refreshUnmaskings = (): Promise<void> =>
  quietly(async () => {
    const [still, open] = await Promise.all([listUnmaskings("waiting"), listUnmaskings("open")]);
    waiting.value = still.items;
    opened.value = open.items;
  });

export async function refreshWaiting(): Promise<void> {
  await Promise.all([refreshRequested(), refreshUnmaskings()]);
}

/** Look every now and then what waits. Auditors decide on nothing, and programs have no page. */
export function startWaiting(): void {
  const isAsked = () => isSignedIn.peek() && who.peek()?.kind === "person" && who.peek()?.role !== "auditor";
  effect(() => {
    entries.value;
    if (isAsked()) void refreshWaiting();
  });
  setInterval(() => {
    if (!document.hidden && isAsked()) void refreshWaiting();
  }, POLL_MS);
}
