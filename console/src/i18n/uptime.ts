import type { Group } from "../api/uptime";
import type { LastDays } from "../state/uptime";

/** Texts about how long cameras were online. */
export interface UptimeTexts {
  title: string;
  about: string;
  zone: (zone: string) => string;
  period: string;
  lasts: Record<LastDays, string>;
  by: string;
  groups: Record<Group, string>;
  of: Record<Group, string>;
  byDay: string;
  share: string;
  online: string;
  offline: string;
  watched: string;
  states: string;
  overall: string;
  worst: string;
  none: string;
  noneHint: string;
  noneOf: string;
  csv: string;
  timeline: string;
  timelineAbout: string;
  longest: string;
  noFaults: string;
  goesOn: string;
  notWatched: string;
  noSpells: string;
  length: { days: string; hours: string; minutes: string; seconds: string };
}

export const uptimeEn: UptimeTexts = {
  title: "Uptime",
  about: "Time live of the time that a camera was to be watched",
  zone: (zone) => `days of ${zone}`,
  period: "Period",
  lasts: { today: "Today", week: "Last 7 days", month: "Last 30 days" },
  by: "By",
  groups: { department: "Department", region: "Region", sector: "Sector", day: "Day", camera: "Camera" },
  of: { department: "Department", region: "Region", sector: "Sector", day: "Day", camera: "Camera, worst first" },
  byDay: "Uptime by day",
  share: "Uptime",
  online: "Live",
  offline: "Not live",
  watched: "To be watched",
  states: "How the time went",
  overall: "of the time live",
  worst: "Worst day",
  none: "Nothing was to be watched in this time",
  noneHint: "Uptime counts cameras that are switched on and have a stream to be looked at. Choose another period or take a filter away.",
  noneOf: "in no region",
  csv: "CSV",
  timeline: "Uptime of the last seven days",
  timelineAbout: "When the stream was live, and why not.",
  longest: "Longest breaks",
  noFaults: "It was live all the time that it was watched.",
  goesOn: "until now",
  notWatched: "not to be watched",
  noSpells: "Nothing is on record for this time.",
  length: { days: "d", hours: "h", minutes: "min", seconds: "s" },
};

export const uptimeZh: UptimeTexts = {
  title: "在线率",
  about: "在线时长占应监看时长的比例",
  zone: (zone) => `按 ${zone} 时区计日`,
  period: "时段",
  lasts: { today: "今天", week: "近 7 天", month: "近 30 天" },
  by: "分组",
  groups: { department: "单位", region: "行政区划", sector: "行业", day: "日期", camera: "摄像机" },
  of: { department: "单位", region: "行政区划", sector: "行业", day: "日期", camera: "摄像机（最差在前）" },
  byDay: "每日在线率",
  share: "在线率",
  online: "在线时长",
  offline: "离线时长",
  watched: "应监看时长",
  states: "时长构成",
  overall: "总体在线率",
  worst: "最差一天",
  none: "该时段内没有应监看的摄像机",
  noneHint: "在线率只统计已启用且有分析码流的摄像机。请换个时段或减少筛选条件。",
  noneOf: "未填写区划",
  csv: "CSV",
  timeline: "近七天在线情况",
  timelineAbout: "码流何时在线，离线因何而起。",
  longest: "最长的中断",
  noFaults: "应监看期间一直在线。",
  goesOn: "至今",
  notWatched: "无需监看",
  noSpells: "该时段没有记录。",
  length: { days: "天", hours: "小时", minutes: "分", seconds: "秒" },
};
