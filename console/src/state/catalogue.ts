import { computed } from "@preact/signals";
import type { CatalogueFilter } from "../api/catalogue";
import { SECTORS } from "../api/departments";
import { desk } from "../desk";
import { STREAM_STATES } from "../i18n/words";

/** The filter that stands in the address of the open page. */
export const filter = computed<CatalogueFilter>(() => filterIn(desk.value?.query ?? new URLSearchParams()));

/** Equal for equal filters. */
export const filterKey = computed(() => JSON.stringify(filter.value));

export function filterIn(query: URLSearchParams): CatalogueFilter {
  const enabled = query.get("enabled");
  const region = query.get("region");
  return {
    q: (query.get("q") ?? "").trim(),
    departments: query.getAll("department").map(Number).filter((id) => Number.isInteger(id) && id > 0),
    sectors: SECTORS.filter((sector) => query.getAll("sector").includes(sector)),
    region: region !== null && /^\d{2,12}$/.test(region) ? region : null,
    states: STREAM_STATES.filter((state) => query.getAll("state").includes(state)),
    enabled: enabled === "true" ? true : enabled === "false" ? false : null,
    removed: query.get("removed") === "true",
    bbox: query.get("bbox"),
  };
}

/** All of a filter's keys without a value: what takes it away. */
export const NO_FILTER = {
  q: null,
  department: null,
  sector: null,
  region: null,
  state: null,
  enabled: null,
  removed: null,
  bbox: null,
} as const;

export const isFiltered = computed(() => filterKey.value !== JSON.stringify(filterIn(new URLSearchParams())));
