import { send } from "./client";

/** How a stream is encoded, and what that means. */
export interface Encoding {
  codec: string;
  profile: string | null;
  width: number;
  height: number;
  fps: number | null;
  declared_fps: number | null;
  /** Seconds from a key frame to the next, at the longest. */
  group_s: number | null;
  bits_per_second: number | null;
  has_b_frames: boolean;
  sound: string | null;
  clock: string;
  watched_s: number;
  browser: { plays: boolean; reason: string };
  policy: string;
  hints: { code: string; text: string }[];
}

/** What was found of a stream that was opened for some seconds. */
export interface Probe {
  url: string;
  /** live: pictures came. Anything else keeps it from that. */
  state: string;
  reason: string;
  hint: string | null;
  encoding: Encoding | null;
  /** JPEG in base64, masked. */
  picture: { jpeg: string; width: number; height: number } | null;
  no_picture: string | null;
}

export const probeAddress = (url: string, signal: AbortSignal): Promise<Probe> =>
  send("POST", "/cameras:probe", { url }, signal);
export const probeStream = (camera: number, role: string, signal: AbortSignal): Promise<Probe> =>
  send("POST", `/cameras/${camera}:probe?role=${encodeURIComponent(role)}`, {}, signal);
