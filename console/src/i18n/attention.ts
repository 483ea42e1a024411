import type { Attention } from "../api/types";

/** Texts about how closely a camera is watched. */
export interface AttentionTexts {
  title: string;
  sensitivity: string;
  sensitivityHint: string;
  sensitivities: Record<Attention["sensitivity"], string>;
  idle: string;
  idleHint: string;
  idles: Record<Attention["idle"], string>;
  idleLook: string;
  idleLookHint: string;
  save: string;
  saved: string;
}

export const attentionEn: AttentionTexts = {
  title: "Attention",
  sensitivity: "Sensitivity to motion",
  sensitivityHint: "How little must change in the picture before it is looked at. Off: every picture that is due is looked at.",
  sensitivities: { off: "Off", low: "Low", normal: "Normal", high: "High" },
  idle: "While nothing moves, decode",
  idleHint: "Key frames alone cost far less, and are used only where they come often enough.",
  idles: { auto: "Key frames, where they come often enough", all: "Every picture" },
  idleLook: "Look at least every",
  idleLookHint: "Seconds, 0.2 to 60, while nothing moves. What comes and goes in less may be missed.",
  save: "Save",
  saved: "Saved",
};

export const attentionZh: AttentionTexts = {
  title: "关注度",
  sensitivity: "变动灵敏度",
  sensitivityHint: "画面变动多小就要分析。关闭：到时的画面全部分析。",
  sensitivities: { off: "关闭", low: "低", normal: "中", high: "高" },
  idle: "画面静止时解码",
  idleHint: "只解码关键帧开销小得多，仅在关键帧足够密时采用。",
  idles: { auto: "关键帧（足够密时）", all: "全部画面" },
  idleLook: "最长查看间隔",
  idleLookHint: "静止时的间隔，单位为秒，0.2 至 60。更短时间内出现又消失的目标可能漏掉。",
  save: "保存",
  saved: "已保存",
};
