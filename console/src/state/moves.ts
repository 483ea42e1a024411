import { desk } from "../desk";
import { go, route } from "../route";
import { list } from "./events";
import { neighbours } from "./open-event";

const rowOf = (id: string): HTMLElement | null => document.querySelector(`[data-event="${CSS.escape(id)}"]`);

function focusRow(id: string | null): void {
  const row = id === null ? null : rowOf(id);
  row?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
}

/** Close the open event and give the focus back to its row. */
export function closeEvent(): void {
  const { open } = route.peek();
  if (open === null) return;
  go({ open: null });
  requestAnimationFrame(() => focusRow(open));
}

/** Leave the camera's page for the wall, and give the focus back to its card. */
export function closeSite(): void {
  const { site } = route.peek();
  if (site === null) return;
  go({ site: null });
  requestAnimationFrame(() => {
    const link: HTMLElement | null = document.querySelector(`[data-camera="${site}"] h3 a`);
    link?.focus({ preventScroll: true });
    link?.scrollIntoView({ block: "nearest" });
  });
}

/** Open the event beside the open one, without a step in the browser's history. */
export function openNeighbour(which: "above" | "below"): void {
  const next = neighbours.peek()[which];
  if (next === null) return;
  go({ open: next }, "replace");
  focusRow(next);
}

/** Arrow keys: walk the open event along the list, or else the focus. */
function walk(step: "above" | "below"): boolean {
  if (route.peek().open !== null && neighbours.peek()[step] !== null) {
    openNeighbour(step);
    return true;
  }
  const items = list.items.peek();
  const focused = document.activeElement?.getAttribute("data-event");
  const at = items.findIndex((event) => event.id === focused);
  const next = at < 0 ? (document.activeElement === document.body ? items[0] : undefined) : items[at + (step === "below" ? 1 : -1)];
  focusRow(next?.id ?? null);
  return next !== undefined;
}

/** What has keys of its own: fields, players, dialogs. */
const OWN_KEYS = "input, select, textarea, video, dialog, .panel, .histogram";

/** The page's keys: arrows walk the events, Enter opens (as on any link), Escape closes. */
export function startKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (desk.peek() !== null) return;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const target = event.target instanceof Element ? event.target : null;
    if (event.key === "Escape" && !target?.closest("dialog, .panel")) closeEvent();
    if (target?.closest(OWN_KEYS)) return;
    const isWalk = event.key === "ArrowDown" || event.key === "ArrowUp";
    if (isWalk && walk(event.key === "ArrowDown" ? "below" : "above")) event.preventDefault();
  });
}
