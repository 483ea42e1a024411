import { computed } from "@preact/signals";
import type { AuditFilter } from "../api/audit";
import { desk } from "../desk";

const numberIn = (query: URLSearchParams, key: string): number | null => {
  const number = Number(query.get(key));
  return Number.isInteger(number) && number > 0 ? number : null;
};

const instantIn = (query: URLSearchParams, key: string): string | null => {
  const value = query.get(key);
  return value !== null && !Number.isNaN(Date.parse(value)) ? new Date(value).toISOString() : null;
};

/** Which rows the address asks for. */
export const auditFilter = computed<AuditFilter>(() => {
  const query = desk.value?.query ?? new URLSearchParams();
  return {
    from: instantIn(query, "from"),
    to: instantIn(query, "to"),
    act: query.get("act"),
    outcome: query.get("outcome"),
    person: numberIn(query, "person"),
    key: numberIn(query, "key"),
    department: numberIn(query, "department"),
    camera: numberIn(query, "camera"),
    object_kind: query.get("object_kind"),
    object: query.get("object"),
  };
});
