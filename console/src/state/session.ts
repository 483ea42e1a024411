import { batch, computed, effect, signal } from "@preact/signals";
import { asProblem, NOT_SIGNED_IN, whenStranger } from "../api/client";
import type { Problem } from "../api/problem";
import { readSession, signOut, type May, type Session } from "../api/session";

const POLL_MS = 60_000;
const NOTHING: May = { people: false, grants: false, record: false, cameras: false, city: false };

/** Who is signed in. Whoever was signed in stays here while the session has ended, so that the work stays as it is. */
export const who = signal<Session | null>(null);
/** out: somebody must sign in before the server answers again. */
export const phase = signal<"asking" | "in" | "out">("asking");
/** Why it could not be found out who is signed in. */
export const whoProblem = signal<Problem | null>(null);
/** How often somebody has signed in here: what failed for want of a session is asked anew. */
export const entries = signal(0);

export const isSignedIn = computed(() => phase.value === "in");
export const may = computed<May>(() => who.value?.may ?? NOTHING);

let enteredAt = 0;

const nameOf = ({ kind, person, key }: Session): string => `${kind} ${person?.id ?? key?.id}`;

/** Go on as `session`. What somebody else looked at is not left on the page. */
export function enter(session: Session): void {
  const before = who.peek();
  if (before !== null && nameOf(before) !== nameOf(session)) {
    location.reload();
    return;
  }
  enteredAt = performance.now();
  batch(() => {
    who.value = session;
    whoProblem.value = null;
    if (phase.value !== "in") entries.value += 1;
    phase.value = "in";
  });
}

/** Ask the server who is signed in. */
export async function askWho(): Promise<void> {
  try {
    enter(await readSession());
  } catch (error) {
    const problem = asProblem(error);
    if (problem === null) return;
    if (problem.code === NOT_SIGNED_IN) phase.value = "out";
    else if (who.peek() === null) whoProblem.value = problem;
  }
}

/** Sign out. The page begins anew, so that nothing stays of what was looked at. */
export async function leave(): Promise<void> {
  try {
    await signOut();
  } catch (error) {
    // A session that has ended already is what was wanted.
    if (asProblem(error)?.code !== NOT_SIGNED_IN) throw error;
  }
  location.hash = "#/";
  location.reload();
}

/** Find out who is signed in, notice when the session ends, and what else becomes of it in another tab. */
export function startSession(): void {
  whenStranger((askedAt) => {
    // What was asked before somebody signed in tells nothing of now.
    if (askedAt > enteredAt) phase.value = "out";
  });
  void askWho();
  const again = () => {
    if (!document.hidden && phase.peek() !== "asking") void askWho();
  };
  setInterval(again, POLL_MS);
  document.addEventListener("visibilitychange", again);
}

/** Begin `work` as soon as somebody is signed in: once. */
export function whenFirstSignedIn(work: () => void): void {
  let hasBegun = false;
  effect(() => {
    if (phase.value !== "in" || hasBegun) return;
    hasBegun = true;
    queueMicrotask(work);
  });
}
