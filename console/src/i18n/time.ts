import { computed, signal } from "@preact/signals";
import { locale, text } from ".";

/** The present, to the second: reading it makes a component tick. */
export const now = signal(Date.now());

setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, 1000);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) now.value = Date.now();
});

const formats = computed(() => ({
  clock: new Intl.DateTimeFormat(locale.value, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }),
  minute: new Intl.DateTimeFormat(locale.value, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
  day: new Intl.DateTimeFormat(locale.value, { weekday: "short", year: "numeric", month: "short", day: "numeric" }),
  date: new Intl.DateTimeFormat(locale.value, { weekday: "short", month: "short", day: "numeric" }),
  full: new Intl.DateTimeFormat(locale.value, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" }),
  short: new Intl.DateTimeFormat(locale.value, {
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }),
}));

export const clockTime = (instant: string | number): string => formats.value.clock.format(new Date(instant));
export const hourTime = (instant: number): string => formats.value.minute.format(new Date(instant));
export const longDay = (instant: string | number): string => formats.value.day.format(new Date(instant));
export const shortTime = (instant: string | number): string => formats.value.short.format(new Date(instant));

/** The same instant in UTC, to the millisecond, as the server says it. */
export const utc = (instant: string): string => new Date(instant).toISOString().replace("T", " ").replace("Z", " UTC");

/** Which day it was here, as a key to group by. */
export const dayKey = (instant: string | number): string => new Date(instant).toDateString();

/** Today's key and yesterday's: unlike `now` they change once a day, so lists that read them do not tick. */
const days = computed(() => {
  const yesterday = new Date(now.value);
  yesterday.setDate(yesterday.getDate() - 1);
  return `${dayKey(now.value)}/${yesterday.toDateString()}`;
});

/** The day in words: today, yesterday, or its date. */
export function dayName(instant: string): string {
  const [today, yesterday] = days.value.split("/");
  const key = dayKey(instant);
  if (key === today) return text.value.today;
  if (key === yesterday) return text.value.yesterday;
  return longDay(instant);
}

/** The time alone for today, with its date for any other day. */
export function nearTime(instant: string): string {
  return dayKey(instant) === days.value.split("/")[0] ? formats.value.minute.format(new Date(instant)) : shortTime(instant);
}

/** A length of time in words, rounded down to its largest unit. */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return text.value.seconds(seconds);
  if (seconds < 7_200) return text.value.minutes(Math.floor(seconds / 60));
  if (seconds < 172_800) return text.value.hours(Math.floor(seconds / 3600));
  return text.value.days(Math.floor(seconds / 86_400));
}

export function lasted(event: { started_at: string; last_seen_at: string; ended_at: string | null }): string {
  return span(Date.parse(event.ended_at ?? event.last_seen_at) - Date.parse(event.started_at));
}

/** Seconds in words, to the second largest unit: "3 d 4 h". */
export function length(seconds: number): string {
  const { days, hours, minutes, seconds: second } = text.value.uptime.length;
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), days],
    [Math.floor(seconds / 3600) % 24, hours],
    [Math.floor(seconds / 60) % 60, minutes],
    [Math.floor(seconds) % 60, second],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return `0 ${second}`;
  const shown = parts.slice(first, first + 2).filter(([count]) => count > 0);
  return shown.map(([count, unit]) => `${count.toLocaleString()} ${unit}`).join(" ");
}

/** A day of the calendar, 2026-05-01, in few words. */
export const dayOf = (day: string): string => formats.value.date.format(new Date(`${day}T12:00:00`));
export const dateTime = (instant: string | number): string => formats.value.full.format(new Date(instant));

/** A span of time between two instants; of whole days where it is so, in their time zone, else by the clocks here. */
export function spanBetween(start: string, end: string, daysOf: string | null): string {
  const shown: Intl.DateTimeFormatOptions =
    daysOf === null
      ? { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }
      : { year: "numeric", month: "short", day: "numeric", timeZone: daysOf };
  // The end of a day is the next one's beginning, and not told.
  const last = Date.parse(end) - (daysOf === null ? 0 : 1);
  return new Intl.DateTimeFormat(locale.value, shown).formatRange(new Date(start), new Date(last));
}

/** A mark of a time axis: the date alone where it counts days, in their time zone. */
export function markOf(instant: string, daysOf: string | null, hasDates: boolean): string {
  const shown: Intl.DateTimeFormatOptions =
    daysOf !== null
      ? { month: "short", day: "numeric", timeZone: daysOf }
      : { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...(hasDates && { month: "numeric", day: "numeric" }) };
  return new Intl.DateTimeFormat(locale.value, shown).format(new Date(instant));
}

/** The time zone of the clocks here. */
export const zoneHere = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
