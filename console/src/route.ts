import { computed, signal } from "@preact/signals";
import type { EventQuery } from "./api/events";
import type { RuleKind, Severity } from "./api/types";
import { KINDS } from "./i18n/kinds";

/** All that a link can say: which page, filters, open event, and tab on a narrow screen. It stands in the hash. */
export interface Route {
  /** The camera whose page is open; else all cameras are shown. */
  site: number | null;
  tab: "events" | "cameras";
  labels: string[];
  kinds: RuleKind[];
  cameras: number[];
  severities: Severity[];
  /** A range that ends now and moves along; instead of `from` and `to`. */
  last: Last | null;
  from: string | null;
  to: string | null;
  minScore: number | null;
  /** Id of the event that is open. */
  open: string | null;
  /** Search and state filter of the camera wall. */
  q: string;
  state: string;
}

export const LASTS = { hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const;
export type Last = keyof typeof LASTS;

const EMPTY: Route = {
  site: null,
  tab: "events",
  labels: [],
  kinds: [],
  cameras: [],
  severities: [],
  last: null,
  from: null,
  to: null,
  minScore: null,
  open: null,
  q: "",
  state: "",
};

function parse(hash: string): Route {
  const [, site, search] = /^#\/?(?:camera\/(\d{1,7}))?\??(.*)$/.exec(hash) ?? [];
  const query = new URLSearchParams(search);
  const instant = (key: string) => {
    const value = query.get(key);
    return value !== null && !Number.isNaN(Date.parse(value)) ? new Date(value).toISOString() : null;
  };
  const last = query.get("last");
  const score = Number(query.get("min_score") ?? Number.NaN);
  const open = query.get("open");
  return {
    site: Number(site) > 0 ? Number(site) : null,
    tab: query.get("tab") === "cameras" ? "cameras" : "events",
    labels: query.getAll("label").filter(Boolean),
    kinds: KINDS.filter((kind) => query.getAll("kind").includes(kind)),
    cameras: query.getAll("camera").map(Number).filter((id) => Number.isInteger(id) && id > 0),
    severities: query.getAll("severity").map(Number).filter((n): n is Severity => n >= 1 && n <= 4 && n % 1 === 0),
    last: last !== null && last in LASTS ? (last as Last) : null,
    from: instant("from"),
    to: instant("to"),
    minScore: score > 0 && score <= 1 ? score : null,
    open: open !== null && /^\d{1,19}$/.test(open) ? open : null,
    q: query.get("q") ?? "",
    state: query.get("state") ?? "",
  };
}

/** The link that leads to `route`. */
export function linkTo(to: Partial<Route>, base: Route = route.peek()): string {
  const wanted = { ...base, ...to };
  const query = new URLSearchParams();
  if (wanted.tab !== "events") query.set("tab", wanted.tab);
  for (const label of wanted.labels) query.append("label", label);
  for (const kind of wanted.kinds) query.append("kind", kind);
  for (const camera of wanted.cameras) query.append("camera", String(camera));
  for (const severity of wanted.severities) query.append("severity", String(severity));
  if (wanted.last) query.set("last", wanted.last);
  if (wanted.from) query.set("from", wanted.from);
  if (wanted.to) query.set("to", wanted.to);
  if (wanted.minScore !== null) query.set("min_score", String(wanted.minScore));
  if (wanted.q) query.set("q", wanted.q);
  if (wanted.state) query.set("state", wanted.state);
  if (wanted.open) query.set("open", wanted.open);
  const page = wanted.site === null ? "#/" : `#/camera/${wanted.site}`;
  return `${page}?${query.toString()}`.replace(/\?$/, "");
}

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

export const NO_FILTERS = {
  labels: [],
  kinds: [],
  cameras: [],
  severities: [],
  last: null,
  from: null,
  to: null,
  minScore: null,
} satisfies Partial<Route>;

export const isFiltered = computed<boolean>(() => filterKey.value !== linkTo({}, EMPTY));

/** The filters of the route as text: equal for equal filters, whatever else of the route changes. */
export const filterKey = computed<string>(() => {
  const { site: _site, tab: _tab, open: _open, q: _q, state: _state, ...filters } = route.value;
  return linkTo(filters, EMPTY);
});

/** What to ask the server for, with ranges that end now resolved by the clock. */
export function eventQuery(at: Route, nowMs: number): EventQuery {
  return {
    labels: at.labels,
    kinds: at.kinds,
    cameras: at.cameras,
    severities: at.severities,
    from: at.last ? new Date(nowMs - LASTS[at.last]).toISOString() : at.from,
    to: at.last ? null : at.to,
    minScore: at.minScore,
  };
}
