import type { Terms } from "../api/rules";
import type { RuleKind } from "../api/types";

/** The fields of a rule but for its kind and its switch. */
export type Field = Exclude<keyof Terms, "kind" | "enabled">;

const OF_ONE_OBJECT: readonly Field[] = ["labels", "zone", "min_score", "min_size", "min_path", "once_per_track"];

/** Which of the fields that not all kinds share each kind takes: the server's own table, a test holds them together. */
export const TAKES: Readonly<Record<RuleKind, readonly Field[]>> = {
  object_in_zone: OF_ONE_OBJECT,
  intrusion: OF_ONE_OBJECT,
  line_crossed: [...OF_ONE_OBJECT, "line", "direction"],
  wrong_way: [...OF_ONE_OBJECT, "line"],
  loitering: OF_ONE_OBJECT,
  crowding: ["labels", "zone", "min_score", "min_size", "min_path", "min_count"],
  flow: ["labels", "line", "min_score", "min_size", "min_path", "min_count"],
  fast_motion: [...OF_ONE_OBJECT, "min_speed"],
  motion: ["zone", "min_size"],
  stream_lost: [],
};

const NEEDS: Partial<Record<RuleKind, readonly Field[]>> = {
  intrusion: ["zone"],
  line_crossed: ["line"],
  wrong_way: ["line"],
  crowding: ["min_count"],
  flow: ["line"],
  fast_motion: ["min_speed"],
};

export const takes = (kind: RuleKind, field: Field): boolean => TAKES[kind].includes(field);

export const needs = (kind: RuleKind, field: Field): boolean =>
  field === "labels" ? takes(kind, "labels") : (NEEDS[kind]?.includes(field) ?? false);

/** For how many seconds the condition must hold where nobody says so. */
export function usualDuration(kind: RuleKind): number {
  if (kind === "line_crossed" || kind === "flow") return 0;
  return kind === "loitering" || kind === "stream_lost" ? 30 : 1;
}

/** The track log, on which rules are tried, tells nothing of what these watch. */
export const canBeTried = (kind: RuleKind): boolean => kind !== "motion" && kind !== "stream_lost";
