import type { NamedShape, Shape } from "../state/drawing";

/** Texts about what is drawn on a camera's picture. */
export interface PlaceTexts {
  shapes: Record<Shape, string>;
  drawNew: Record<Shape, string>;
  /** What a name begins with where nobody has chosen one. */
  usualName: Record<NamedShape, (n: number) => string>;
  none: Record<Shape, string>;
  about: Record<Shape, string>;
  howTo: Record<Shape, string>;
  surface: string;
  cornerSet: (n: number, x: number, y: number) => string;
  crosshair: (x: number, y: number) => string;
  finish: string;
  takeBack: string;
  tooFew: string;
  corner: (n: number) => string;
  cornerHint: string;
  save: string;
  rename: string;
  reshape: string;
  ignoredArea: (n: number) => string;
  removeTitle: (name: string) => string;
  removeText: Record<Shape, string>;
  drawn: string;
}

export const placesEn: PlaceTexts = {
  shapes: { zone: "Zones", line: "Lines", ignored: "Ignored areas", privacy: "Privacy areas" },
  drawNew: { zone: "Draw a zone", line: "Draw a line", ignored: "Draw an ignored area", privacy: "Draw a privacy area" },
  usualName: { zone: (n) => `Zone ${n}`, line: (n) => `Line ${n}`, privacy: (n) => `Privacy area ${n}` },
  none: { zone: "No zones yet", line: "No lines yet", ignored: "None", privacy: "None" },
  about: {
    zone: "Rules look at a zone, or else at the whole picture.",
    line: "Rules watch who crosses a line, and which way.",
    ignored: "Motion there is not looked at: trees, water, a burnt-in clock. Objects are still seen.",
    privacy: "Black in every picture and clip that is masked, also in those of before. Originals show it.",
  },
  howTo: {
    zone: "Click the corners. A double click or Enter ends, Backspace takes back the last corner, Esc cancels.",
    line: "Click where the line begins, then where it ends. Esc cancels.",
    ignored: "Click the corners. A double click or Enter ends, Backspace takes back the last corner, Esc cancels.",
    privacy: "Click the corners. A double click or Enter ends, Backspace takes back the last corner, Esc cancels.",
  },
  surface: "Drawing surface. Arrow keys move the crosshair, with Shift in larger steps; Space sets a corner; Enter ends.",
  cornerSet: (n, x, y) => `Corner ${n} at ${x} % across, ${y} % down`,
  crosshair: (x, y) => `${x} % across, ${y} % down`,
  finish: "Finish",
  takeBack: "Take back the last corner",
  tooFew: "It needs at least three corners.",
  corner: (n) => `Corner ${n}`,
  cornerHint: "Corners can be moved: drag them, or use the arrow keys.",
  save: "Save",
  rename: "Rename",
  reshape: "Change the shape",
  ignoredArea: (n) => `Ignored area ${n}`,
  removeTitle: (name) => `Remove ${name}?`,
  removeText: {
    zone: "A zone that a rule looks at stays: change or remove the rule first. Events keep the zone's name.",
    line: "A line that a rule watches stays: change or remove the rule first. Events keep the line's name.",
    ignored: "Motion there will be looked at again.",
    privacy: "What lies there will be seen again, in clips of before too. Snapshots that were taken meanwhile stay black.",
  },
  drawn: "On the picture",
};

export const placesZh: PlaceTexts = {
  shapes: { zone: "区域", line: "线", ignored: "忽略区", privacy: "隐私遮挡区" },
  drawNew: { zone: "绘制区域", line: "绘制线", ignored: "绘制忽略区", privacy: "绘制隐私遮挡区" },
  usualName: { zone: (n) => `区域 ${n}`, line: (n) => `线 ${n}`, privacy: (n) => `隐私遮挡区 ${n}` },
  none: { zone: "还没有区域", line: "还没有线", ignored: "无", privacy: "无" },
  about: {
    zone: "规则可以只看一个区域，否则看整个画面。",
    line: "规则可以监看目标越线及其方向。",
    ignored: "忽略其中的画面变动，如树木、水面、叠加的时钟；目标仍会被检测。",
    privacy: "在所有打码图片和录像中始终涂黑，包括此前保存的；原始录像不受影响。",
  },
  howTo: {
    zone: "依次点击各个顶点。双击或按 Enter 结束，按 Backspace 撤回上一个顶点，按 Esc 取消。",
    line: "先点击起点，再点击终点。按 Esc 取消。",
    ignored: "依次点击各个顶点。双击或按 Enter 结束，按 Backspace 撤回上一个顶点，按 Esc 取消。",
    privacy: "依次点击各个顶点。双击或按 Enter 结束，按 Backspace 撤回上一个顶点，按 Esc 取消。",
  },
  surface: "绘图区。方向键移动十字光标，按住 Shift 步幅更大；空格键设置顶点；Enter 键结束。",
  cornerSet: (n, x, y) => `顶点 ${n}：横 ${x} %，纵 ${y} %`,
  crosshair: (x, y) => `横 ${x} %，纵 ${y} %`,
  finish: "完成",
  takeBack: "撤回上一个顶点",
  tooFew: "至少需要三个顶点。",
  corner: (n) => `顶点 ${n}`,
  cornerHint: "可以拖动顶点，或用方向键移动。",
  save: "保存",
  rename: "重命名",
  reshape: "修改形状",
  ignoredArea: (n) => `忽略区 ${n}`,
  removeTitle: (name) => `删除“${name}”？`,
  removeText: {
    zone: "规则正在使用的区域不会被删除，请先修改或删除规则。事件仍保留区域名称。",
    line: "规则正在使用的线不会被删除，请先修改或删除规则。事件仍保留线的名称。",
    ignored: "此后将重新关注其中的画面变动。",
    privacy: "此后该处将重新可见，包括此前的录像；期间保存的图片仍为黑色。",
  },
  drawn: "画面标注",
};
