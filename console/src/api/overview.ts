import { get } from "./client";
import type { Sector } from "./departments";
import type { Overview, Page } from "./types";

/** How many cameras there are, are switched on, and are live. */
export interface Counts {
  registered: number;
  enabled: number;
  online: number;
}

export interface DepartmentCounts extends Counts {
  id: number;
  name: string;
  kind: Sector;
}

export interface RegionCounts extends Counts {
  code: string;
  name: string;
}

export interface SectorCounts extends Counts {
  sector: Sector;
}

export interface CityOverview extends Overview {
  enabled: number;
  online: number;
  by_department: DepartmentCounts[];
  by_region: RegionCounts[];
  by_sector: SectorCounts[];
}

export const readCity = (region: string | null, signal: AbortSignal): Promise<CityOverview> =>
  get("/overview", { region: region ?? undefined }, signal);

export interface Worker {
  id: number;
  name: string;
  state: "running" | "silent";
  since: string;
  heartbeat_at: string;
  cameras: number;
  weight: number;
  capacity: number;
}

export const listWorkers = (signal: AbortSignal): Promise<Page<Worker>> => get("/workers", {}, signal);
