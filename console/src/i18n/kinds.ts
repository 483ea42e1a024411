import type { RuleKind } from "../api/types";

/** The kinds of rules, and so of events, as they are offered. */
export const kindsEn: Readonly<Record<RuleKind, string>> = {
  object_in_zone: "Object in zone",
  intrusion: "Intrusion",
  line_crossed: "Line crossed",
  wrong_way: "Wrong way",
  loitering: "Loitering",
  crowding: "Crowding",
  flow: "Flow",
  fast_motion: "Fast motion",
  motion: "Motion",
  stream_lost: "Stream lost",
};

export const kindsZh: Readonly<Record<RuleKind, string>> = {
  object_in_zone: "区域内目标",
  intrusion: "区域入侵",
  line_crossed: "越线",
  wrong_way: "逆行",
  loitering: "徘徊滞留",
  crowding: "人群聚集",
  flow: "流量统计",
  fast_motion: "快速移动",
  motion: "画面变动",
  stream_lost: "码流中断",
};

export const KINDS = Object.keys(kindsEn) as RuleKind[];
