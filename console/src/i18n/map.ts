import type { Mood } from "../state/cameras";

/** Texts of the map. */
export interface MapTexts {
  title: string;
  label: (count: number) => string;
  count: (count: number) => string;
  asList: string;
  closer: string;
  wider: string;
  all: string;
  choose: string;
  chooseHint: string;
  none: string;
  noneHint: string;
  several: (count: number) => string;
  moods: Record<Mood, string>;
  how: string;
}

export const mapEn: MapTexts = {
  title: "Map",
  label: (count) => `Map of ${count.toLocaleString("en")} cameras; the same cameras stand in the catalogue as a list`,
  count: (count) => `${count.toLocaleString("en")} cameras with a place`,
  asList: "As a list",
  closer: "Closer",
  wider: "Wider",
  all: "Show all",
  choose: "Choose an area",
  chooseHint: "Draw a rectangle: only the cameras in it are shown (or hold Shift and drag)",
  none: "No camera with a place matches",
  noneHint: "Only cameras with longitude and latitude are on the map. Take a filter away, or give cameras a place.",
  several: (count) => `${count} cameras here`,
  moods: { good: "Live", busy: "Connecting", bad: "Fault", quiet: "Not watched" },
  how: "Drag to move, turn the wheel to zoom, click a camera to open it. With keys: arrows, + and −.",
};

export const mapZh: MapTexts = {
  title: "地图",
  label: (count) => `${count} 台摄像机的地图；同样的摄像机可在目录中以列表查看`,
  count: (count) => `${count} 台有位置的摄像机`,
  asList: "以列表查看",
  closer: "放大",
  wider: "缩小",
  all: "显示全部",
  choose: "框选范围",
  chooseHint: "画一个矩形，只显示其中的摄像机（也可按住 Shift 拖动）",
  none: "没有符合条件且有位置的摄像机",
  noneHint: "只有填写了经纬度的摄像机才会显示在地图上。请减少筛选条件，或为摄像机填写位置。",
  several: (count) => `此处有 ${count} 台摄像机`,
  moods: { good: "在线", busy: "连接中", bad: "故障", quiet: "未监看" },
  how: "拖动平移，滚轮缩放，点击摄像机打开。键盘：方向键、+ 和 −。",
};
