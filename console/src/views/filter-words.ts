import { joined, labelName, text, word } from "../i18n";
import { shortTime, span } from "../i18n/time";
import type { EventFilter, Last } from "../event-filter";
import { cameraNames } from "../state/cameras";
import { list } from "../state/events";
import { departments, regionNames } from "../state/names";

/** What a filter's button says: its name, or what is chosen. */
export function chip(name: string, chosen: readonly string[]): string {
  if (chosen.length === 0) return name;
  return chosen.length > 2 ? `${name} · ${chosen.length}` : joined(chosen);
}

export function lastText(last: Last): string {
  const texts = text.value;
  const words: Record<Last, string> = {
    hour: texts.lastHour,
    day: texts.lastDay,
    week: texts.lastWeek,
    month: texts.search.lastMonth,
    today: texts.today,
    yesterday: texts.yesterday,
  };
  return words[last];
}

/** The range in words; null where there is none. */
export function rangeText({ last, from, to }: EventFilter): string | null {
  if (last !== null) return lastText(last);
  if (from === null && to === null) return null;
  return `${from ? shortTime(from) : "…"} – ${to ? shortTime(to) : "…"}`;
}

export function hoursText({ days, timeFrom, timeTo }: EventFilter): string | null {
  const named = days.map((day) => text.value.rules.days[day]);
  const hours = timeFrom !== null && timeTo !== null ? `${timeFrom}–${timeTo}` : "";
  return [joined(named), hours].filter(Boolean).join(" ") || null;
}

export const regionName = (code: string): string => regionNames.value.get(code) ?? code;
export const cameraName = (id: number): string => cameraNames.value.get(id) || `#${id}`;
export const departmentName = (id: number): string =>
  departments.value?.find((department) => department.id === id)?.name ?? `#${id}`;

function nearText(near: string): string {
  const metres = Number(near.split(",")[2]);
  const shown = metres < 1000 ? `${Math.round(metres)} m` : `${(metres / 1000).toLocaleString()} km`;
  return text.value.search.within(Number.isFinite(metres) ? shown : near);
}

function lastedText({ minDurationS, maxDurationS }: EventFilter): string | null {
  if (minDurationS === null && maxDurationS === null) return null;
  const shown = (seconds: number | null) => (seconds === null ? null : span(seconds * 1000));
  return text.value.search.lasted(shown(minDurationS), shown(maxDurationS));
}

/** A filter in force: what it says, and the filter without it. */
export interface InForce {
  key: string;
  words: string;
  without: Partial<EventFilter>;
}

const isKnown = (one: InForce | null): one is InForce => one !== null;

/** A filter for each of several values. */
function each<T extends string | number>(
  name: keyof EventFilter,
  values: readonly T[],
  words: (value: T) => string,
): InForce[] {
  return values.map((value) => ({
    key: `${name} ${value}`,
    words: words(value),
    without: { [name]: values.filter((one) => one !== value) },
  }));
}

const one = (key: string, words: string | null, without: Partial<EventFilter>): InForce | null =>
  words === null ? null : { key, words, without };

/** What has a button of its own beside the list of the watch. */
export function quickFilters(at: EventFilter): InForce[] {
  const texts = text.value;
  const score = at.minScore === null ? null : `${texts.score} ${texts.atLeast(at.minScore.toFixed(2))}`;
  return [
    one("time", rangeText(at), { last: null, from: null, to: null }),
    ...each("labels", at.labels, labelName),
    ...each("kinds", at.kinds, (kind) => word("kinds", kind)),
    ...each("severities", at.severities, (severity) => word("severities", severity)),
    ...each("cameras", at.cameras, cameraName),
    one("score", score, { minScore: null }),
  ].filter(isKnown);
}

/** All other filters. */
export function furtherFilters(at: EventFilter): InForce[] {
  const texts = text.value;
  const { search, catalogue } = texts;
  const zoneName = (id: number) => list.items.value.find(({ zone }) => zone?.id === id)?.zone?.name ?? `#${id}`;
  const lineName = (id: number) => list.items.value.find(({ line }) => line?.id === id)?.line?.name ?? `#${id}`;
  return [
    one("text", at.text.trim() ? `“${at.text.trim()}”` : null, { text: "" }),
    one("hours", hoursText(at), { days: [], timeFrom: null, timeTo: null }),
    ...each("departments", at.departments, departmentName),
    ...each("sectors", at.sectors, (sector) => word("sectors", sector)),
    one("region", at.region === null ? null : regionName(at.region), { region: null }),
    one("bbox", at.bbox === null ? null : catalogue.inBox, { bbox: null }),
    one("near", at.near === null ? null : nearText(at.near), { near: null }),
    one("polygon", at.polygon === null ? null : search.inPolygon, { polygon: null }),
    ...each("zones", at.zones, (id) => search.inZone(zoneName(id))),
    ...each("lines", at.lines, (id) => texts.atLine(lineName(id))),
    one("duration", lastedText(at), { minDurationS: null, maxDurationS: null }),
    one("overlap", at.overlap ? search.overlap : null, { overlap: false }),
  ].filter(isKnown);
}
