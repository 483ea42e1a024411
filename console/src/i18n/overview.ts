/** Texts of the city in numbers, and of the workers that watch it. */
export interface OverviewTexts {
  title: string;
  registered: string;
  enabled: string;
  online: string;
  offline: string;
  ofEnabled: string;
  byDepartment: string;
  byRegion: string;
  bySector: string;
  allRegions: string;
  below: string;
  none: string;
  noneHint: string;
  noRegions: string;
  workers: string;
  workersAbout: string;
  noWorkers: string;
  worker: string;
  state: string;
  states: { running: string; silent: string };
  cameras: string;
  load: string;
  loadHint: string;
  since: string;
  heard: string;
}

export const overviewEn: OverviewTexts = {
  title: "Overview",
  registered: "Registered",
  enabled: "Switched on",
  online: "Live",
  offline: "Not live",
  ofEnabled: "of those switched on",
  byDepartment: "By department",
  byRegion: "By region",
  bySector: "By sector",
  allRegions: "All regions",
  below: "Show what is below",
  none: "No cameras yet",
  noneHint: "Once cameras are registered, this page counts them by department, region and sector.",
  noRegions: "No region has a camera.",
  workers: "Workers",
  workersAbout: "Who watches the cameras. A worker that falls silent loses its cameras to the others within seconds.",
  noWorkers: "No worker has ever been here.",
  worker: "Worker",
  state: "State",
  states: { running: "Running", silent: "Silent" },
  cameras: "Cameras",
  load: "Load",
  loadHint: "What its cameras cost, and its share against that of the others",
  since: "Running since",
  heard: "Last heard",
};

export const overviewZh: OverviewTexts = {
  title: "总览",
  registered: "已登记",
  enabled: "已启用",
  online: "在线",
  offline: "离线",
  ofEnabled: "占已启用",
  byDepartment: "按单位",
  byRegion: "按行政区划",
  bySector: "按行业",
  allRegions: "全部区划",
  below: "查看下级",
  none: "还没有摄像机",
  noneHint: "登记摄像机后，此处按单位、行政区划和行业统计。",
  noRegions: "没有区划登记摄像机。",
  workers: "分析节点",
  workersAbout: "由哪些节点监看摄像机。某节点失联后，其摄像机会在几秒内由其他节点接管。",
  noWorkers: "还没有节点运行过。",
  worker: "节点",
  state: "状态",
  states: { running: "运行中", silent: "失联" },
  cameras: "摄像机",
  load: "负载",
  loadHint: "所监看摄像机的权重，以及它相对其他节点的能力",
  since: "启动时间",
  heard: "最近心跳",
};
