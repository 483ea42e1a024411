import { computed, signal } from "@preact/signals";
import { hash } from "../route";

const ADDRESS = "#/welcome";

/** The secret of the one-time link that was followed; null where there is none. */
export const token = signal<string | null>(null);
/** Whether a one-time link was followed. */
export const isWelcome = computed(() => hash.value === ADDRESS || hash.value.startsWith(`${ADDRESS}?`));

/** Take the secret out of the address at once: there it would stay, in the history and on the screen. */
function take(): void {
  const found = new URLSearchParams(/^#\/welcome\?(.*)$/.exec(location.hash)?.[1]).get("token");
  if (found === null) return;
  history.replaceState(null, "", ADDRESS);
  token.value = found;
  hash.value = ADDRESS;
}

export function startWelcome(): void {
  take();
  addEventListener("hashchange", take);
}
