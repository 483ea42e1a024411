import { get, remove, send } from "./client";
import type { Page, Point } from "./types";

/** A named polygon on one camera's picture. */
export interface Zone {
  id: number;
  camera: number;
  name: string;
  points: Point[];
}

/** A named polygon on one camera's picture that is black in whatever is masked. */
export type PrivacyArea = Zone;

/** A named segment with a direction: left and right of it are as seen from its start towards its end. */
export interface Line {
  id: number;
  camera: number;
  name: string;
  start: Point;
  end: Point;
}

export type NewZone = Pick<Zone, "name" | "points">;
export type NewPrivacyArea = NewZone;
export type NewLine = Pick<Line, "name" | "start" | "end">;

export const listZones = (camera: number, signal: AbortSignal): Promise<Page<Zone>> =>
  get(`/cameras/${camera}/zones`, {}, signal);
export const addZone = (camera: number, zone: NewZone): Promise<Zone> => send("POST", `/cameras/${camera}/zones`, zone);
export const changeZone = (id: number, zone: Partial<NewZone>): Promise<Zone> => send("PATCH", `/zones/${id}`, zone);
export const removeZone = (id: number): Promise<void> => remove(`/zones/${id}`);

export const listPrivacyAreas = (camera: number, signal: AbortSignal): Promise<Page<PrivacyArea>> =>
  get(`/cameras/${camera}/privacy-areas`, {}, signal);
export const addPrivacyArea = (camera: number, area: NewPrivacyArea): Promise<PrivacyArea> =>
  send("POST", `/cameras/${camera}/privacy-areas`, area);
export const changePrivacyArea = (id: number, area: Partial<NewPrivacyArea>): Promise<PrivacyArea> =>
  send("PATCH", `/privacy-areas/${id}`, area);
export const removePrivacyArea = (id: number): Promise<void> => remove(`/privacy-areas/${id}`);

export const listLines = (camera: number, signal: AbortSignal): Promise<Page<Line>> =>
  get(`/cameras/${camera}/lines`, {}, signal);
export const addLine = (camera: number, line: NewLine): Promise<Line> => send("POST", `/cameras/${camera}/lines`, line);
export const changeLine = (id: number, line: Partial<NewLine>): Promise<Line> => send("PATCH", `/lines/${id}`, line);
export const removeLine = (id: number): Promise<void> => remove(`/lines/${id}`);
