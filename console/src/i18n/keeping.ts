import type { Medium } from "../api/keeping";
import type { NoticeKind } from "../api/notices";

/** Texts about what is kept for how long, what is held, and what is wrong with storage. */
export interface KeepingTexts {
  about: string;
  whose: string;
  ofCity: string;
  media: Record<Medium, string>;
  rules: string;
  rulesAbout: string;
  medium: string;
  kind: string;
  allKinds: string;
  kept: string;
  saidBy: string;
  days: (days: number) => string;
  forEver: string;
  here: string;
  above: string;
  settings: string;
  limited: (medium: string) => string;
  setRule: string;
  changeRule: string;
  removeRule: string;
  removeRuleTitle: (what: string) => string;
  removeRuleText: string;
  daysField: string;
  longest: (days: number) => string;
  save: string;
  usage: string;
  usageAbout: string;
  counted: (when: string) => string;
  notCounted: string;
  size: string;
  quota: string;
  noQuota: string;
  ofSettings: string;
  held: string;
  setQuota: string;
  quotaField: string;
  quotaHint: string;
  dropQuota: string;
  forecast: string;
  forecastAbout: string;
  lookNow: string;
  looking: string;
  nothingGoes: string;
  notWhole: string;
  goes: string;
  heldBack: string;
  oldest: string;
  sum: string;
  holds: string;
  holdsAbout: string;
  takeHold: string;
  holdEvent: string;
  isHeld: string;
  isHeldHint: string;
  holdTitle: string;
  holdText: string;
  on: string;
  onCamera: string;
  onDepartment: string;
  onEvent: string;
  camera: string;
  eventNumber: string;
  from: string;
  until: string;
  always: string;
  name: string;
  nameHint: string;
  reason: string;
  reasonHint: string;
  taken: (events: string, media: string, bytes: string) => string;
  leaving: (count: number) => string;
  atLeast: string;
  release: string;
  releaseTitle: (name: string) => string;
  releaseText: string;
  why: string;
  released: (who: string, when: string) => string;
  showReleased: string;
  noHolds: string;
  noHoldsHint: string;
  by: string;
  more: string;
  done: string;
  notices: string;
  noNotices: string;
  noticeKinds: Record<NoticeKind, string>;
  since: (when: string) => string;
  until_: (from: string, to: string) => string;
  showNotices: string;
}

export const keepingEn: KeepingTexts = {
  about: "How long things are kept, what is held, and what would go",
  whose: "Whose",
  ofCity: "The city",
  media: {
    event: "Events",
    snapshot: "Pictures",
    original: "Original clips",
    masked_clip: "Masked clips",
    track: "Tracks",
  },
  rules: "How long",
  rulesAbout: "The nearest rule counts: of the department and the kind, of the department, of one above it, of the city, then the settings.",
  medium: "What",
  kind: "Kind of event",
  allKinds: "All kinds",
  kept: "Kept for",
  saidBy: "Said by",
  days: (days) => (days === 1 ? "1 day" : `${days.toLocaleString("en")} days`),
  forEver: "for ever",
  here: "a rule of its own",
  above: "a rule above",
  settings: "the settings",
  limited: (medium) => `as long as: ${medium.toLowerCase()}`,
  setRule: "Set a time",
  changeRule: "Change",
  removeRule: "Remove the rule",
  removeRuleTitle: (what) => `Remove the rule for ${what.toLowerCase()}?`,
  removeRuleText: "What is said farther out counts again. Where that is shorter, more goes at the next pass.",
  daysField: "Days (empty: for ever)",
  longest: (days) => `A department's admin may set ${days.toLocaleString("en")} days at most.`,
  save: "Save",
  usage: "Room",
  usageAbout: "Pictures and clips by department, counted about once an hour.",
  counted: (when) => `counted ${when}`,
  notCounted: "not counted yet",
  size: "Stored",
  quota: "Quota",
  noQuota: "no limit",
  ofSettings: "by the settings",
  held: "held",
  setQuota: "Set the quota",
  quotaField: "Gigabytes",
  quotaHint: "Past that the oldest pictures and clips go that nothing holds.",
  dropQuota: "Without a quota of its own",
  forecast: "What would go now",
  forecastAbout: "A dry run: nothing is removed.",
  lookNow: "Look what would go",
  looking: "Looking, for ten seconds at most …",
  nothingGoes: "Nothing would go.",
  notWhole: "There was not enough time to look at all: there may be more.",
  goes: "Would go",
  heldBack: "Kept by holds alone",
  oldest: "From, to",
  sum: "All",
  holds: "Holds",
  holdsAbout: "What is held is not removed, whatever its age, quota or the room on the disk.",
  takeHold: "Take a hold",
  holdEvent: "Hold this event",
  isHeld: "Held",
  isHeldHint: "A hold keeps it, with its pictures and clips.",
  holdTitle: "Take a hold",
  holdText: "Events, pictures, clips, tracks and the record about them stay until the hold is released.",
  on: "On",
  onCamera: "A camera",
  onDepartment: "A department",
  onEvent: "An event",
  camera: "Number of the camera",
  eventNumber: "Number of the event",
  from: "From (empty: the beginning)",
  until: "Until (empty: also what is to come)",
  always: "all the time",
  name: "Name",
  nameHint: "The number of a case, say.",
  reason: "Why",
  reasonHint: "3 to 500 characters. It stays in the record.",
  taken: (events, media, bytes) => `Held now: ${events} events with ${media} pictures and clips (${bytes}).`,
  leaving: (count) => `${count} pictures or clips were being removed already, and go.`,
  atLeast: "at least ",
  release: "Release",
  releaseTitle: (name) => `Release ${name}?`,
  releaseText: "What nothing else holds goes when its time is over.",
  why: "Why",
  released: (who, when) => `released by ${who}, ${when}`,
  showReleased: "Released ones, too",
  noHolds: "Nothing is held",
  noHoldsHint: "Take a hold where something must not be removed: for a court, an accident, an inquiry.",
  by: "by",
  more: "Show more",
  done: "Done",
  notices: "What is wrong with storage",
  noNotices: "Nothing is wrong, and nothing was.",
  noticeKinds: {
    disk_full: "The disk is nearly full",
    quota_reached: "A quota is reached",
    all_held: "All that is left is held",
    store_away: "The store of media does not answer",
    removal_waits: "What is over its time stays for now",
  },
  since: (when) => `since ${when}`,
  until_: (from, to) => `${from} to ${to}`,
  showNotices: "What is kept",
};

export const keepingZh: KeepingTexts = {
  about: "各类数据保存多久、哪些被保全、哪些将被清除",
  whose: "单位",
  ofCity: "全市",
  media: {
    event: "事件",
    snapshot: "图片",
    original: "原始录像",
    masked_clip: "打码录像",
    track: "轨迹",
  },
  rules: "保存期限",
  rulesAbout: "就近规则优先：单位加事件类型、单位、上级单位、全市，最后是系统设置。",
  medium: "内容",
  kind: "事件类型",
  allKinds: "全部类型",
  kept: "保存",
  saidBy: "依据",
  days: (days) => `${days.toLocaleString("zh")} 天`,
  forEver: "永久",
  here: "本级规则",
  above: "上级规则",
  settings: "系统设置",
  limited: (medium) => `随“${medium}”`,
  setRule: "设置期限",
  changeRule: "修改",
  removeRule: "删除规则",
  removeRuleTitle: (what) => `删除“${what}”的规则？`,
  removeRuleText: "将改用更外层的规则。若期限更短，下次清理会清除更多内容。",
  daysField: "天数（留空为永久）",
  longest: (days) => `单位管理员最多可设 ${days.toLocaleString("zh")} 天。`,
  save: "保存",
  usage: "占用空间",
  usageAbout: "各单位的图片和录像，约每小时统计一次。",
  counted: (when) => `统计于 ${when}`,
  notCounted: "尚未统计",
  size: "已存",
  quota: "配额",
  noQuota: "不限",
  ofSettings: "系统设置",
  held: "已保全",
  setQuota: "设置配额",
  quotaField: "吉字节（GB）",
  quotaHint: "超出后，未被保全的最旧图片和录像将被清除。",
  dropQuota: "不单独设配额",
  forecast: "现在会清除什么",
  forecastAbout: "仅为试算，不会清除任何内容。",
  lookNow: "试算",
  looking: "正在试算，最多十秒……",
  nothingGoes: "没有内容会被清除。",
  notWhole: "时间不足，未能全部查完，可能还有更多。",
  goes: "将清除",
  heldBack: "仅因保全而留存",
  oldest: "起止时间",
  sum: "合计",
  holds: "证据保全",
  holdsAbout: "被保全的内容不会被清除，不受期限、配额和磁盘空间影响。",
  takeHold: "新建保全",
  holdEvent: "保全此事件",
  isHeld: "已保全",
  isHeldHint: "该事件及其图片、录像已被保全。",
  holdTitle: "新建保全",
  holdText: "在解除之前，事件、图片、录像、轨迹和相关操作记录都会保留。",
  on: "对象",
  onCamera: "摄像机",
  onDepartment: "单位",
  onEvent: "事件",
  camera: "摄像机编号",
  eventNumber: "事件编号",
  from: "开始（留空为最早）",
  until: "结束（留空则含今后）",
  always: "全部时间",
  name: "名称",
  nameHint: "例如案件编号。",
  reason: "事由",
  reasonHint: "3 至 500 个字符，将留在操作记录中。",
  taken: (events, media, bytes) => `现已保全：${events} 个事件，${media} 份图片和录像（${bytes}）。`,
  leaving: (count) => `${count} 份图片或录像此前已在清除中，无法保留。`,
  atLeast: "至少 ",
  release: "解除",
  releaseTitle: (name) => `解除“${name}”？`,
  releaseText: "未被其他保全覆盖的内容，到期后将被清除。",
  why: "原因",
  released: (who, when) => `由 ${who} 于 ${when} 解除`,
  showReleased: "含已解除",
  noHolds: "没有保全",
  noHoldsHint: "需要保留证据时（诉讼、事故、调查）新建保全。",
  by: "由",
  more: "显示更多",
  done: "完成",
  notices: "存储异常",
  noNotices: "目前和过去均无异常。",
  noticeKinds: {
    disk_full: "磁盘空间不足",
    quota_reached: "已达配额",
    all_held: "剩余内容均被保全",
    store_away: "媒体存储无响应",
    removal_waits: "到期内容暂不删除",
  },
  since: (when) => `自 ${when}`,
  until_: (from, to) => `${from} 至 ${to}`,
  showNotices: "查看保存情况",
};
