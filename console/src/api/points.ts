import { queryOf, type CatalogueFilter } from "./catalogue";
import { get } from "./client";

/** Cameras with a place, in columns: the nth of each belongs to the nth camera. */
export interface CameraPoints {
  ids: number[];
  /** Degrees times 100,000. */
  longitudes: number[];
  latitudes: number[];
  /** Places in `legend`. */
  states: number[];
  legend: string[];
}

export const readPoints = (filter: CatalogueFilter, signal: AbortSignal): Promise<CameraPoints> =>
  get("/camera-points", queryOf(filter), signal);
