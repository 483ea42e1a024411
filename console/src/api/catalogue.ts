import { address, get, type Query } from "./client";
import type { Sector } from "./departments";
import type { Camera, Page } from "./types";

/** Which cameras of the catalogue are meant: the list, the map, the exports and the uptime take the same. */
export interface CatalogueFilter {
  q: string;
  departments: number[];
  sectors: Sector[];
  region: string | null;
  states: string[];
  enabled: boolean | null;
  removed: boolean;
  /** West, south, east, north in degrees. */
  bbox: string | null;
}

export function queryOf(filter: CatalogueFilter): Query {
  return {
    q: filter.q || undefined,
    department: filter.departments,
    sector: filter.sectors,
    region: filter.region ?? undefined,
    state: filter.states,
    enabled: filter.enabled ?? undefined,
    removed: filter.removed || undefined,
    bbox: filter.bbox ?? undefined,
  };
}

export const listCatalogue = (
  filter: CatalogueFilter,
  limit: number,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<Camera>> => get("/cameras", { ...queryOf(filter), limit, cursor: cursor ?? undefined }, signal);

export type ExportFormat = "csv" | "geojson";

/** Where the cameras of a filter are to be had as a file. */
export const exportAddress = (filter: CatalogueFilter, format: ExportFormat): string =>
  address(`/cameras.${format}`, queryOf(filter));
