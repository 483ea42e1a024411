import { computed, signal } from "@preact/signals";
import { GROUPS, type Group, type Period } from "../api/uptime";
import { desk } from "../desk";

export const LAST_DAYS = { today: 1, week: 7, month: 30 } as const;
export type LastDays = keyof typeof LAST_DAYS;

/** The zone in which the city's days begin, as the server said it; the browser's until then. */
export const cityZone = signal<string | null>(null);
export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The day, as 2026-05-01, so many days before today: here, or in another zone. */
export function dayBefore(days: number, zone: string = ownZone): string {
  const parts = new Intl.DateTimeFormat("en", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  const of = Object.fromEntries(parts.formatToParts(new Date()).map(({ type, value }) => [type, value]));
  const at = new Date(Date.UTC(Number(of["year"]), Number(of["month"]) - 1, Number(of["day"]) - days));
  return at.toISOString().slice(0, 10);
}

const dayIn = (text: string | null): string | null => (text !== null && /^\d{4}-\d\d-\d\d$/.test(text) ? text : null);

/** What the address asks for: a range that ends today and moves along, or two days. */
export const asked = computed(() => {
  const query = desk.value?.query ?? new URLSearchParams();
  const by: Group = GROUPS.find((group) => group === query.get("by")) ?? "department";
  const from = dayIn(query.get("from"));
  const to = dayIn(query.get("to"));
  const named = query.get("last");
  const last: LastDays | null =
    named !== null && named in LAST_DAYS ? (named as LastDays) : from === null && to === null ? "week" : null;
  return { by, last, from, to };
});

/** The period that is asked for, in days of the city. */
export const period = computed<Period>(() => {
  const { last, from, to } = asked.value;
  const zone = cityZone.value ?? ownZone;
  return last === null ? { from, to } : { from: dayBefore(LAST_DAYS[last] - 1, zone), to: dayBefore(0, zone) };
});
