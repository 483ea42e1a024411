import { computed } from "@preact/signals";
import { goTo, hash } from "./route";

/** The pages beside the watch: the city's record and what is told of it. */
export const PAGES = [
  "catalogue",
  "map",
  "uptime",
  "overview",
  "import",
  "departments",
  "regions",
  "sharing",
  "alerts",
  "keeping",
  "audit",
  "people",
  "keys",
  "account",
] as const;
export type PageName = (typeof PAGES)[number];

/** Which of them is open, and what it shows. All of it stands in the hash: `#/catalogue/12`, `#/uptime?by=region`. */
export interface Desk {
  page: PageName;
  /** What of the page's things is open: a camera's number, "new", an import's number. */
  id: string | null;
  query: URLSearchParams;
}

function parse(text: string): Desk | null {
  const [, name, id, search] = /^#\/([a-z]+)(?:\/(\w{1,20}))?(?:\?(.*))?$/.exec(text) ?? [];
  const page = PAGES.find((one) => one === name);
  return page === undefined ? null : { page, id: id ?? null, query: new URLSearchParams(search) };
}

/** Null while the watch is open: the wall of cameras, or one of them, and the events. */
export const desk = computed<Desk | null>(() => parse(hash.value));

export function deskLink(page: PageName, id: string | number | null = null, query?: URLSearchParams): string {
  const search = query?.toString() ?? "";
  return `#/${page}${id === null ? "" : `/${id}`}${search && `?${search}`}`;
}

/** The open page's link with other values in its query; null takes a key away. */
export function linkWith(values: Record<string, string | readonly string[] | null>): string {
  const at = desk.peek();
  const query = new URLSearchParams(at?.query);
  for (const [key, value] of Object.entries(values)) {
    query.delete(key);
    for (const one of value === null ? [] : typeof value === "string" ? [value] : value) query.append(key, one);
  }
  return deskLink(at?.page ?? "catalogue", at?.id ?? null, query);
}

export function setQuery(
  values: Record<string, string | readonly string[] | null>,
  how: "push" | "replace" = "push",
): void {
  goTo(linkWith(values), how);
}
