import { queryOf, type CatalogueFilter } from "./catalogue";
import { address, get } from "./client";
import type { Page } from "./types";

export const GROUPS = ["department", "region", "sector", "day", "camera"] as const;
export type Group = (typeof GROUPS)[number];

/** Days of the city's calendar, 2026-05-01, both of them included; null: what the server takes, the last seven. */
export interface Period {
  from: string | null;
  to: string | null;
}

/** How long one thing's streams were live, of the time that they were to be watched. */
export interface Uptime {
  /** A department's or camera's number, a region's code (empty: in none), a sector, or a day. */
  key: string;
  name: string;
  online_s: number;
  watched_s: number;
  /** 0 to 1; null where nothing was to be watched. */
  share: number | null;
  by_state: { state: string; seconds: number }[];
}

export interface UptimeQuery {
  by: Group;
  period: Period;
  filter: CatalogueFilter;
  cursor?: string | null;
}

function parameters({ by, period, filter, cursor }: UptimeQuery) {
  const { department, sector, region, q } = queryOf(filter);
  return {
    by,
    from: period.from ?? undefined,
    to: period.to ?? undefined,
    department,
    sector,
    region,
    q,
    order: by === "camera" ? "share" : undefined,
    cursor: cursor ?? undefined,
  };
}

export interface UptimePage extends Page<Uptime> {
  from: string;
  to: string;
  /** In which days begin. */
  time_zone: string;
}

export const readUptime = (query: UptimeQuery, signal: AbortSignal): Promise<UptimePage> =>
  get("/uptime", parameters(query), signal);
export const uptimeCsv = (query: UptimeQuery): string => address("/uptime.csv", parameters(query));

/** A span in which a camera's stream was in one state. */
export interface Spell {
  from_at: string;
  /** Null: it goes on. */
  until_at: string | null;
  state: string;
  reason: string;
}

/** Newest first: as many as a week of a stream that breaks off all the time has. */
export const readSpells = (camera: number, period: Period, signal: AbortSignal): Promise<Page<Spell>> =>
  get(`/cameras/${camera}/spells`, { from: period.from ?? undefined, to: period.to ?? undefined, limit: 1_000 }, signal);
