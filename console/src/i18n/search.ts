import type { Order } from "../api/events";
import type { ExportFormat } from "../row-count";

/** The filter's fields that a problem of the server's can be about. */
export type AskedField =
  | "from"
  | "to"
  | "label"
  | "kind"
  | "severity"
  | "department"
  | "sector"
  | "camera"
  | "zone"
  | "line"
  | "day"
  | "time_from"
  | "time_to"
  | "region"
  | "q"
  | "bbox"
  | "near"
  | "polygon"
  | "min_score"
  | "min_duration_s"
  | "max_duration_s"
  | "overlap";

/** Texts of the search of all events. */
export interface SearchTexts {
  openSearch: string;
  openSearchHint: string;
  label: string;
  find: string;
  textHint: string;
  lastMonth: string;
  orders: Record<Order, string>;
  reorder: string;
  found: (count: string, isOne: boolean) => string;
  atLeast: (count: string) => string;
  allFilters: string;
  inForce: string;
  more: (count: number) => string;
  fewer: string;
  noValues: string;
  otherCamera: string;
  countsFailed: string;
  hours: string;
  hoursHint: (zone: string) => string;
  anyHour: string;
  weekdays: string;
  place: string;
  anywhere: string;
  drawArea: string;
  within: (radius: string) => string;
  inPolygon: string;
  furtherFilters: string;
  duration: string;
  shortest: string;
  longest: string;
  lasted: (from: string | null, to: string | null) => string;
  overlap: string;
  overlapHint: string;
  inZone: (zone: string) => string;
  overTime: string;
  chartHow: string;
  chartKeys: string;
  bucket: (span: string, count: string) => string;
  notCounted: string;
  zoomOut: string;
  searchedTo: Record<Order, (when: string) => string>;
  nothingYet: string;
  goOn: string;
  loadMore: Record<Order, string>;
  theEnd: Record<Order, string>;
  export: string;
  exportHint: string;
  formats: Record<ExportFormat, string>;
  written: (rows: string, expected: string | null) => string;
  done: (rows: string) => string;
  cancelled: (rows: string) => string;
  eventsHere: string;
  around: string;
  aroundHint: string;
  nowhere: string;
  fields: Record<AskedField, string>;
}

export const searchEn: SearchTexts = {
  openSearch: "Search",
  openSearchHint: "Search all events, with counts and more filters",
  label: "Search events",
  find: "Name or address of the camera",
  textHint: "Words on the cameras: name, address, own number, unit",
  lastMonth: "Last 30 days",
  orders: { newest: "Newest first", oldest: "Oldest first" },
  reorder: "Turn the order round",
  found: (count, isOne) => `${count} ${isOne ? "event" : "events"}`,
  atLeast: (count) => `${count}+`,
  allFilters: "Filters",
  inForce: "Filters in force",
  more: (count) => `${count} more`,
  fewer: "Fewer",
  noValues: "None",
  otherCamera: "Another camera…",
  countsFailed: "The counts could not be read.",
  hours: "Hours",
  hoursHint: (zone) => `By the clocks of ${zone}. An end before the beginning lies on the next day.`,
  anyHour: "At any time of day",
  weekdays: "Weekdays",
  place: "Place",
  anywhere: "anywhere",
  drawArea: "Choose an area on the map",
  within: (radius) => `Within ${radius}`,
  inPolygon: "In the drawn area",
  furtherFilters: "More",
  duration: "Duration",
  shortest: "At least, in seconds",
  longest: "At most, in seconds",
  lasted: (from, to) => (from && to ? `Lasted ${from} – ${to}` : from ? `Lasted ${from} or longer` : `Lasted ${to} or less`),
  overlap: "Also what was going on",
  overlapHint: "Events that had started before the time chosen and were not over yet",
  inZone: (zone) => `zone “${zone}”`,
  overTime: "Events over time",
  chartHow: "Drag over the chart to choose a time, click a bar to look into it.",
  chartKeys: "Left and right move along the bars, with Shift they choose several, Enter looks into them, − looks at more.",
  bucket: (span, count) => `${span} · ${count}`,
  notCounted: "not counted: only the newest were",
  zoomOut: "Look at a longer time",
  searchedTo: {
    newest: (when) => `Searched back to ${when}.`,
    oldest: (when) => `Searched up to ${when}.`,
  },
  nothingYet: "Nothing found so far.",
  goOn: "Go on",
  loadMore: { newest: "Load older events", oldest: "Load newer events" },
  theEnd: { newest: "That was the oldest one.", oldest: "That was the newest one." },
  export: "Export",
  exportHint: "Take along what the filters find, as a file",
  formats: { csv: "CSV, a table", ndjson: "NDJSON, a line for each", geojson: "GeoJSON, for maps" },
  written: (rows, expected) => (expected === null ? `${rows} events so far` : `${rows} of ${expected} events`),
  done: (rows) => `Saved: ${rows} events.`,
  cancelled: (rows) => `Cancelled after ${rows} events. Nothing was saved.`,
  eventsHere: "Events here",
  around: "What else happened nearby",
  aroundHint: "Events within 500 m, from 15 minutes before to 15 minutes after",
  nowhere: "The camera has no place: longitude and latitude are missing in its record.",
  fields: {
    from: "From",
    to: "To",
    label: "Object",
    kind: "Kind",
    severity: "Severity",
    department: "Department",
    sector: "Sector",
    camera: "Camera",
    zone: "Zone",
    line: "Line",
    day: "Weekdays",
    time_from: "Hours, from",
    time_to: "Hours, to",
    region: "Region",
    q: "Words on the cameras",
    bbox: "Chosen area",
    near: "Surroundings",
    polygon: "Drawn area",
    min_score: "Score",
    min_duration_s: "Shortest duration",
    max_duration_s: "Longest duration",
    overlap: "Also what was going on",
  },
};

export const searchZh: SearchTexts = {
  openSearch: "检索",
  openSearchHint: "检索全部事件，带数量统计和更多筛选条件",
  label: "检索事件",
  find: "摄像机名称或地址",
  textHint: "摄像机上的文字：名称、地址、自编号、管理单位",
  lastMonth: "最近 30 天",
  orders: { newest: "最新在前", oldest: "最早在前" },
  reorder: "切换排序",
  found: (count) => `${count} 条事件`,
  atLeast: (count) => `${count}+`,
  allFilters: "筛选",
  inForce: "当前筛选条件",
  more: (count) => `另有 ${count} 项`,
  fewer: "收起",
  noValues: "无",
  otherCamera: "其他摄像机…",
  countsFailed: "未能读取数量统计。",
  hours: "时段",
  hoursHint: (zone) => `按 ${zone} 时区。结束早于开始时，算到次日。`,
  anyHour: "全天",
  weekdays: "星期",
  place: "地点",
  anywhere: "不限",
  drawArea: "在地图上框选范围",
  within: (radius) => `${radius} 范围内`,
  inPolygon: "所画区域内",
  furtherFilters: "更多",
  duration: "持续时间",
  shortest: "不少于（秒）",
  longest: "不超过（秒）",
  lasted: (from, to) => (from && to ? `持续 ${from} – ${to}` : from ? `持续不少于 ${from}` : `持续不超过 ${to}`),
  overlap: "含当时仍在进行的",
  overlapHint: "在所选时间之前开始、当时尚未结束的事件",
  inZone: (zone) => `区域“${zone}”`,
  overTime: "事件时间分布",
  chartHow: "拖动可选择时间范围，点击柱条可查看该时段。",
  chartKeys: "左右键逐条移动，按住 Shift 可多选，回车查看所选时段，减号查看更长时间。",
  bucket: (span, count) => `${span} · ${count}`,
  notCounted: "未统计：只统计了最新的部分",
  zoomOut: "查看更长时间",
  searchedTo: {
    newest: (when) => `已检索到 ${when}。`,
    oldest: (when) => `已检索到 ${when}。`,
  },
  nothingYet: "目前尚未找到。",
  goOn: "继续",
  loadMore: { newest: "加载更早的事件", oldest: "加载更晚的事件" },
  theEnd: { newest: "已经到底了。", oldest: "已经到底了。" },
  export: "导出",
  exportHint: "将筛选结果保存为文件",
  formats: { csv: "CSV 表格", ndjson: "NDJSON，每行一条", geojson: "GeoJSON，用于地图" },
  written: (rows, expected) => (expected === null ? `已导出 ${rows} 条` : `已导出 ${rows} / ${expected} 条`),
  done: (rows) => `已保存 ${rows} 条事件。`,
  cancelled: (rows) => `导出 ${rows} 条后已取消，未保存文件。`,
  eventsHere: "此处的事件",
  around: "附近还发生了什么",
  aroundHint: "500 米范围内、前后各 15 分钟的事件",
  nowhere: "此摄像机没有位置：档案中缺少经纬度。",
  fields: {
    from: "开始",
    to: "结束",
    label: "目标",
    kind: "类型",
    severity: "级别",
    department: "单位",
    sector: "行业",
    camera: "摄像机",
    zone: "区域",
    line: "线",
    day: "星期",
    time_from: "时段开始",
    time_to: "时段结束",
    region: "行政区划",
    q: "摄像机上的文字",
    bbox: "所选范围",
    near: "周边范围",
    polygon: "所画区域",
    min_score: "置信度",
    min_duration_s: "最短持续时间",
    max_duration_s: "最长持续时间",
    overlap: "含当时仍在进行的",
  },
};
