import { queryOf, type CatalogueFilter } from "./catalogue";
import { get } from "./client";

/** Cameras with a place, in columns: the nth of each belongs to the nth camera. */
export interface CameraPoints {
  /** Positions are whole numbers of one part in so many of a degree. */
  units_a_degree: number;
  /** What the numbers in `state` mean; null: no worker has looked at the camera. */
  states: (string | null)[];
  id: number[];
  longitude: number[];
  latitude: number[];
  state: number[];
}

export const readPoints = (filter: CatalogueFilter, signal: AbortSignal): Promise<CameraPoints> =>
  get("/camera-points", queryOf(filter), signal);
