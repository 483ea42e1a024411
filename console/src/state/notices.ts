import { effect, signal } from "@preact/signals";
import { asProblem } from "../api/client";
import { listNotices, type Notice } from "../api/notices";
import { isOfTheCity } from "./keeping";
import { entries, isSignedIn } from "./session";

const POLL_MS = 30_000;

/** What is wrong with the system itself now; for city admins. */
export const openNotices = signal<readonly Notice[]>([]);

async function refresh(): Promise<void> {
  try {
    openNotices.value = (await listNotices("open")).items;
  } catch (error) {
    // It is asked for in the background: the page that shows all of them says what fails.
    asProblem(error);
  }
}

/** Look every now and then whether something is wrong. */
export function startNotices(): void {
  const isAsked = () => isSignedIn.peek() && isOfTheCity.peek();
  effect(() => {
    entries.value;
    if (isAsked()) void refresh();
  });
  setInterval(() => {
    if (!document.hidden && isAsked()) void refresh();
  }, POLL_MS);
}
