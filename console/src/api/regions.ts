import { get, ifStill, remove, send } from "./client";
import type { Page } from "./types";

export interface RegionName {
  code: string;
  name: string;
}

/** An administrative area by its code of 2, 4, 6, 8, 9 or 12 digits. */
export interface Region extends RegionName {
  parent: RegionName | null;
  revision: number;
}

export interface RegionQuery {
  q?: string | undefined;
  parent?: string | undefined;
  cursor?: string | undefined;
}

export const listRegions = (query: RegionQuery, signal: AbortSignal | null = null): Promise<Page<Region>> =>
  get("/regions", { ...query }, signal);
/** A city has some hundreds of regions, some thousands with its villages: so many are read at most. */
const MOST_PAGES = 20;
const PAGE = 1_000;

/** All regions by code, as many as a page can show; `next` says that there are more. */
export async function allRegions(signal: AbortSignal): Promise<Page<Region>> {
  const items: Region[] = [];
  let next: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer: Page<Region> = await get("/regions", { limit: PAGE, cursor: next ?? undefined }, signal);
    items.push(...answer.items);
    next = answer.next;
    if (next === null) break;
  }
  return { items, next };
}

export const readRegion = (code: string, signal: AbortSignal | null = null): Promise<Region> =>
  get(`/regions/${code}`, {}, signal);
/** Add a region, or change the one that has this code; `revision` is that of the one to be changed. */
export const putRegion = (
  code: string,
  fields: { name: string; parent: string | null },
  revision: number | null,
): Promise<Region> => send("PUT", `/regions/${code}`, fields, null, ifStill(revision));
export const removeRegion = ({ code, revision }: Region): Promise<void> =>
  remove(`/regions/${code}`, ifStill(revision));
