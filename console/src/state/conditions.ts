import type { Conditions } from "../api/subscriptions";
import { queryOf } from "../api/events";
import { NO_FILTERS, type EventFilter } from "../event-filter";

/** A search's filter without its times: of what is to come. */
export const timeless = (filter: EventFilter): EventFilter => ({ ...filter, last: null, from: null, to: null, overlap: false });

/** The filter as a subscription says it: what is not asked for is left out. */
export function conditionsOf(filter: EventFilter): Conditions {
  const said = Object.entries(queryOf({ ...timeless(filter), text: filter.text.trim() }));
  const isAsked = (value: unknown) => value !== undefined && !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(said.filter(([, value]) => isAsked(value))) as Conditions;
}

/** A subscription's conditions as the parts of the search show them. */
export function filterOf(said: Conditions): EventFilter {
  const hasHours = said.time_from != null || said.time_to != null;
  return {
    ...NO_FILTERS,
    labels: said.label ?? [],
    kinds: said.kind ?? [],
    severities: said.severity ?? [],
    departments: said.department ?? [],
    sectors: said.sector ?? [],
    cameras: said.camera ?? [],
    zones: said.zone ?? [],
    lines: said.line ?? [],
    days: said.day ?? [],
    // An end that is left out is midnight.
    timeFrom: hasHours ? (said.time_from ?? "00:00") : null,
    timeTo: hasHours ? (said.time_to ?? "00:00") : null,
    region: said.region ?? null,
    text: said.q ?? "",
    bbox: said.bbox ?? null,
    near: said.near ?? null,
    polygon: said.polygon ?? null,
    minScore: said.min_score ?? null,
    minDurationS: said.min_duration_s ?? null,
    maxDurationS: said.max_duration_s ?? null,
  };
}
