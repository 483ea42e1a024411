import { computed, signal } from "@preact/signals";
import type { EventQuery, Order } from "./api/events";
import { filterIn, NO_FILTERS, putFilter, rangeOf, type EventFilter } from "./event-filter";

export { NO_FILTERS } from "./event-filter";

/** All that a link can say: which page, filters, open event, and tab on a narrow screen. It stands in the hash. */
export interface Route extends EventFilter {
  /** The cameras with their newest events, or the search of all events. */
  view: "watch" | "search";
  /** The camera whose page is open; else all cameras are shown. */
  site: number | null;
  tab: "events" | "cameras";
  order: Order;
  /** Id of the event that is open. */
  open: string | null;
  /** Search and state filter of the camera wall. */
  q: string;
  state: string;
}

const EMPTY: Route = {
  ...NO_FILTERS,
  view: "watch",
  site: null,
  tab: "events",
  order: "newest",
  open: null,
  q: "",
  state: "",
};

function parse(hash: string): Route {
  const match = /^#?\/?(?:camera\/(\d{1,7})|(events))?(?:\?(.*))?$/.exec(hash);
  if (match === null) return EMPTY;
  const [, site, search, said] = match;
  const query = new URLSearchParams(said);
  const open = query.get("open");
  return {
    ...filterIn(query),
    view: search === undefined ? "watch" : "search",
    site: Number(site) > 0 ? Number(site) : null,
    tab: query.get("tab") === "cameras" ? "cameras" : "events",
    order: query.get("order") === "oldest" ? "oldest" : "newest",
    open: open !== null && /^\d{1,19}$/.test(open) ? open : null,
    q: query.get("q") ?? "",
    state: query.get("state") ?? "",
  };
}

function pageOf({ site, view }: Route): string {
  if (site !== null) return `#/camera/${site}`;
  return view === "search" ? "#/events" : "#/";
}

/** The link that leads to `route`. */
export function linkTo(to: Partial<Route>, base: Route = route.peek()): string {
  const wanted = { ...base, ...to };
  const query = new URLSearchParams();
  if (wanted.tab !== "events") query.set("tab", wanted.tab);
  putFilter(query, wanted);
  if (wanted.order !== "newest") query.set("order", wanted.order);
  if (wanted.q) query.set("q", wanted.q);
  if (wanted.state) query.set("state", wanted.state);
  if (wanted.open) query.set("open", wanted.open);
  return `${pageOf(wanted)}?${query.toString()}`.replace(/\?$/, "");
}

/** The link to the search of all events, by the filters of `base`. */
export const searchLink = (base: EventFilter): string =>
  linkTo({ view: "search", site: null, tab: "events", q: "", state: "", open: null }, { ...EMPTY, ...base });

/** The address as it stands: what else than a route it says, `desk.ts` reads. */
export const hash = signal(location.hash);

export const route = computed<Route>(() => parse(hash.value));

addEventListener("hashchange", () => {
  hash.value = location.hash;
});

/** Go to an address of the page. `replace` leaves no step in the browser's history. */
export function goTo(link: string, how: "push" | "replace" = "push"): void {
  if (link === (location.hash || "#/")) return;
  history[how === "push" ? "pushState" : "replaceState"](null, "", link);
  hash.value = location.hash;
}

/** Go there: with `replace` for what changes while one types or walks a list. */
export function go(to: Partial<Route>, how: "push" | "replace" = "push"): void {
  goTo(linkTo(to), how);
}

/** A filter as text: equal for equal filters. */
function textOf(filter: EventFilter): string {
  const query = new URLSearchParams();
  putFilter(query, filter);
  return query.toString();
}

export const isFiltered = computed<boolean>(() => textOf(route.value) !== "");

/** What the route searches by, as text: equal for equal searches, whatever else of the route changes. */
export const searchKey = computed<string>(() => `${route.value.order}?${textOf(route.value)}`);

/** What to ask the server for, with ranges that move along resolved by the clock. */
export function eventQuery(at: Route, nowMs: number): EventQuery {
  return { ...at, ...rangeOf(at, nowMs), text: at.text.trim() };
}
