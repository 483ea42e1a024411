import { computed } from "@preact/signals";
import { GROUPS, type Group, type Period } from "../api/uptime";
import { desk } from "../desk";

export const LAST_DAYS = { today: 1, week: 7, month: 30 } as const;
export type LastDays = keyof typeof LAST_DAYS;

/** The day here, as 2026-05-01, so many days before today. */
export function dayBefore(days: number, nowMs: number = Date.now()): string {
  const at = new Date(nowMs);
  at.setDate(at.getDate() - days);
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}-${String(at.getDate()).padStart(2, "0")}`;
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

/** The period that is asked for, in days. */
export const period = computed<Period>(() => {
  const { last, from, to } = asked.value;
  return last === null ? { from, to } : { from: dayBefore(LAST_DAYS[last] - 1), to: dayBefore(0) };
});
