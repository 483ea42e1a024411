import type { EventQuery } from "./api/events";
import { SECTORS } from "./api/departments";
import { DAYS } from "./api/rules";
import type { Severity } from "./api/types";
import { KINDS } from "./i18n/kinds";

/** Ranges that end now, in milliseconds. */
export const LENGTHS = { hour: 3_600_000, day: 86_400_000, week: 604_800_000, month: 2_592_000_000 } as const;
export const LASTS = ["hour", "day", "week", "month", "today", "yesterday"] as const;
export type Last = (typeof LASTS)[number];

/** What events are looked for, as a link says it. */
export interface EventFilter extends EventQuery {
  /** A range that moves along with the clock; instead of `from` and `to`. */
  last: Last | null;
}

export const NO_FILTERS: EventFilter = {
  labels: [],
  kinds: [],
  severities: [],
  departments: [],
  sectors: [],
  cameras: [],
  zones: [],
  lines: [],
  last: null,
  from: null,
  to: null,
  overlap: false,
  days: [],
  timeFrom: null,
  timeTo: null,
  region: null,
  text: "",
  bbox: null,
  near: null,
  polygon: null,
  minScore: null,
  minDurationS: null,
  maxDurationS: null,
};

const numbers = (query: URLSearchParams, key: string): number[] =>
  query.getAll(key).map(Number).filter((one) => Number.isInteger(one) && one > 0);

function number(query: URLSearchParams, key: string, most: number): number | null {
  const found = Number(query.get(key) ?? Number.NaN);
  return found > 0 && found <= most ? found : null;
}

function instant(query: URLSearchParams, key: string): string | null {
  const value = query.get(key);
  return value !== null && !Number.isNaN(Date.parse(value)) ? new Date(value).toISOString() : null;
}

/** The filter that stands in a link; what cannot be one is left out. */
export function filterIn(query: URLSearchParams): EventFilter {
  const clock = (key: string) => /^([01]\d|2[0-3]):[0-5]\d$/.exec(query.get(key) ?? "")?.[0] ?? null;
  const [timeFrom, timeTo] = [clock("time_from"), clock("time_to")];
  const hasHours = timeFrom !== null && timeTo !== null;
  const region = query.get("region");
  return {
    labels: query.getAll("label").filter(Boolean),
    kinds: KINDS.filter((kind) => query.getAll("kind").includes(kind)),
    severities: numbers(query, "severity").filter((one): one is Severity => one <= 4),
    departments: numbers(query, "department"),
    sectors: SECTORS.filter((sector) => query.getAll("sector").includes(sector)),
    cameras: numbers(query, "camera"),
    zones: numbers(query, "zone"),
    lines: numbers(query, "line"),
    last: LASTS.find((one) => one === query.get("last")) ?? null,
    from: instant(query, "from"),
    to: instant(query, "to"),
    overlap: query.get("overlap") === "true",
    days: DAYS.filter((day) => query.getAll("day").includes(day)),
    timeFrom: hasHours ? timeFrom : null,
    timeTo: hasHours ? timeTo : null,
    region: region !== null && /^\d{2,12}$/.test(region) ? region : null,
    text: query.get("text") ?? "",
    bbox: query.get("bbox"),
    near: query.get("near"),
    polygon: query.get("polygon"),
    minScore: number(query, "min_score", 1),
    minDurationS: number(query, "min_duration_s", 1e9),
    maxDurationS: number(query, "max_duration_s", 1e9),
  };
}

/** Put the filter into a link. */
export function putFilter(query: URLSearchParams, filter: EventFilter): void {
  const put = (key: string, value: string | number | boolean | null) => {
    if (value) query.append(key, String(value));
  };
  for (const label of filter.labels) put("label", label);
  for (const kind of filter.kinds) put("kind", kind);
  for (const severity of filter.severities) put("severity", severity);
  for (const department of filter.departments) put("department", department);
  for (const sector of filter.sectors) put("sector", sector);
  for (const camera of filter.cameras) put("camera", camera);
  for (const zone of filter.zones) put("zone", zone);
  for (const line of filter.lines) put("line", line);
  put("last", filter.last);
  put("from", filter.from);
  put("to", filter.to);
  put("overlap", filter.overlap);
  for (const day of filter.days) put("day", day);
  put("time_from", filter.timeFrom);
  put("time_to", filter.timeTo);
  put("region", filter.region);
  put("text", filter.text);
  put("bbox", filter.bbox);
  put("near", filter.near);
  put("polygon", filter.polygon);
  put("min_score", filter.minScore);
  put("min_duration_s", filter.minDurationS);
  put("max_duration_s", filter.maxDurationS);
}

/** From when until when: ranges that move along are resolved by the clock, days by the browser's time zone. */
export function rangeOf({ last, from, to }: EventFilter, nowMs: number): { from: string | null; to: string | null } {
  if (last === null) return { from, to };
  if (last === "today" || last === "yesterday") {
    const midnight = (back: number) => {
      const at = new Date(nowMs);
      return new Date(at.getFullYear(), at.getMonth(), at.getDate() - back).toISOString();
    };
    return last === "today" ? { from: midnight(0), to: null } : { from: midnight(1), to: midnight(0) };
  }
  return { from: new Date(nowMs - LENGTHS[last]).toISOString(), to: null };
}
