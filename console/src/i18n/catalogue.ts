import type { PageName } from "../desk";

/** Texts of the catalogue of cameras, and what all pages of the city's record share. */
export interface CatalogueTexts {
  pages: Record<PageName | "watch" | "events", string>;
  nav: string;
  intro: string;
  search: string;
  searchHint: string;
  department: string;
  findDepartment: string;
  sector: string;
  region: string;
  findRegion: string;
  noRegions: string;
  state: string;
  watched: string;
  switchedOff: string;
  removedOnes: string;
  inBox: string;
  clear: string;
  columns: { state: string; camera: string; owner: string; place: string; code: string; device: string };
  shown: (count: number, hasMore: boolean) => string;
  more: string;
  none: string;
  noneHint: string;
  noneFound: string;
  noneFoundHint: string;
  noneRemoved: string;
  noneRemovedHint: string;
  add: string;
  save: string;
  onMap: string;
  csv: string;
  geojson: string;
  exportHint: string;
  record: string;
  watch: string;
  noCode: string;
  noPlace: string;
}

export const catalogueEn: CatalogueTexts = {
  pages: {
    watch: "Watch",
    events: "Events",
    catalogue: "Catalogue",
    map: "Map",
    uptime: "Uptime",
    overview: "Overview",
    import: "Import",
    departments: "Departments",
    regions: "Regions",
    sharing: "Sharing",
    alerts: "Alerts",
    keeping: "Keeping",
    audit: "Record",
    people: "People",
    keys: "Keys",
    account: "Account",
  },
  nav: "Pages",
  intro: "Every camera of the city, whoever owns it.",
  search: "Search the catalogue",
  searchHint: "Name, address, own number, GB code, maker, model or unit",
  department: "Department",
  findDepartment: "Find a department",
  sector: "Sector",
  region: "Region",
  findRegion: "Find a region by name or code",
  noRegions: "No region matches.",
  state: "State",
  watched: "Switched on",
  switchedOff: "Switched off",
  removedOnes: "Removed",
  inBox: "In the chosen area",
  clear: "Clear filters",
  columns: { state: "State", camera: "Camera", owner: "Department", place: "Place", code: "GB code", device: "Device" },
  shown: (count, hasMore) => `${count.toLocaleString("en")}${hasMore ? " shown, there are more" : " found"}`,
  more: "Show more",
  none: "No cameras yet",
  noneHint: "Import a list of cameras, or add the first one by hand.",
  noneFound: "No camera matches",
  noneFoundHint: "Take a filter away, or search for less.",
  noneRemoved: "No removed camera matches",
  noneRemovedHint: "Cameras that were removed can be found here and restored.",
  add: "Add camera",
  save: "Save",
  onMap: "On the map",
  csv: "CSV",
  geojson: "GeoJSON",
  exportHint: "Download what the filter finds",
  record: "Record",
  watch: "Picture, zones and rules",
  noCode: "no code",
  noPlace: "no place given",
};

export const catalogueZh: CatalogueTexts = {
  pages: {
    watch: "值守",
    events: "事件",
    catalogue: "摄像机目录",
    map: "地图",
    uptime: "在线率",
    overview: "总览",
    import: "批量导入",
    departments: "单位",
    regions: "行政区划",
    sharing: "共享",
    alerts: "告警推送",
    keeping: "保存期限",
    audit: "操作记录",
    people: "人员",
    keys: "密钥",
    account: "账号",
  },
  nav: "页面",
  intro: "全市摄像机，不分权属单位。",
  search: "搜索目录",
  searchHint: "名称、地址、自编号、国标编码、厂商、型号或管理单位",
  department: "单位",
  findDepartment: "查找单位",
  sector: "行业",
  region: "行政区划",
  findRegion: "按名称或代码查找区划",
  noRegions: "没有符合条件的区划。",
  state: "状态",
  watched: "已启用",
  switchedOff: "已停用",
  removedOnes: "已删除",
  inBox: "所选范围内",
  clear: "清除筛选",
  columns: { state: "状态", camera: "摄像机", owner: "单位", place: "位置", code: "国标编码", device: "设备" },
  shown: (count, hasMore) => (hasMore ? `已显示 ${count} 台，还有更多` : `共 ${count} 台`),
  more: "显示更多",
  none: "还没有摄像机",
  noneHint: "可批量导入摄像机清单，也可手动添加第一台。",
  noneFound: "没有符合条件的摄像机",
  noneFoundHint: "请减少筛选条件，或换个关键词。",
  noneRemoved: "没有符合条件的已删除摄像机",
  noneRemovedHint: "删除过的摄像机可在此查找并恢复。",
  add: "添加摄像机",
  save: "保存",
  onMap: "在地图上查看",
  csv: "CSV",
  geojson: "GeoJSON",
  exportHint: "下载当前筛选结果",
  record: "档案",
  watch: "画面、区域与规则",
  noCode: "未编码",
  noPlace: "未填写位置",
};
