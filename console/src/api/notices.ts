import { get } from "./client";
import type { Page } from "./types";

export type NoticeKind = "disk_full" | "quota_reached" | "all_held" | "store_away" | "removal_waits";

/** Something is wrong with the system itself. */
export interface Notice {
  id: string;
  kind: NoticeKind;
  /** What has it: a folder of a machine, a department, the address of a store. */
  subject: string;
  detail: string;
  began_at: string;
  /** Null: it goes on. */
  ended_at: string | null;
}

export const listNotices = (
  state: "open" | "all",
  cursor: string | null = null,
  signal: AbortSignal | null = null,
): Promise<Page<Notice>> => get("/notices", { state, cursor: cursor ?? undefined }, signal);
