import { address, get, remove, request, send } from "./client";
import { Lanes } from "./lanes";
import type { Attention, Camera, NewCamera, Overview, Page } from "./types";

export interface CameraFilter {
  q: string;
  state: string;
}

export function listCameras(
  filter: CameraFilter,
  limit: number,
  cursor: string | null,
  signal: AbortSignal | null = null,
): Promise<Page<Camera>> {
  const query = { q: filter.q || undefined, state: filter.state || undefined, limit, cursor: cursor ?? undefined };
  return get("/cameras", query, signal);
}

export const readCamera = (id: number, signal: AbortSignal | null = null): Promise<Camera> =>
  get(`/cameras/${id}`, {}, signal);
export const readOverview = (signal: AbortSignal | null = null): Promise<Overview> => get("/overview", {}, signal);
export const addCamera = (camera: NewCamera): Promise<Camera> => send("POST", "/cameras", camera);
export const enableCamera = (id: number, enabled: boolean): Promise<Camera> =>
  send("PATCH", `/cameras/${id}`, { enabled });
export const changeAttention = (id: number, attention: Partial<Attention>): Promise<Camera> =>
  send("PATCH", `/cameras/${id}`, { attention });
/** Let a camera out of quarantine. */
export const openAgain = (id: number): Promise<void> => remove(`/cameras/${id}/quarantine`);
export const removeCamera = (id: number): Promise<void> => remove(`/cameras/${id}`);

/** A browser opens six connections to a server; a wall of slow pictures must leave some for events and clips. */
const pictureLanes = new Lanes(3);

export function latestPicture(id: number, signal: AbortSignal): Promise<Blob> {
  return pictureLanes.run(signal, async () => {
    const response = await request(address(`/cameras/${id}/latest`), { signal, cache: "no-store" });
    return response.blob();
  });
}
