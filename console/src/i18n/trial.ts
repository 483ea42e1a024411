import type { Unfulfilled } from "../api/rules";

/** Texts about what a rule would have done, what became of the tracks that it saw, and what it counted. */
export interface TrialTexts {
  tryIt: string;
  trying: string;
  cannotBeTried: string;
  wouldHaveMade: (count: number) => string;
  stillGoingOn: string;
  andMore: (count: number) => string;
  noLog: string;
  seen: (looks: number) => string;
  cameTo: (time: string) => string;
  tracks: (count: number) => string;
  noTracks: string;
  madeEvent: (count: number) => string;
  /** What kept tracks from making an event; a place is a zone, or a line. */
  unfulfilled: Record<Unfulfilled, (count: number) => string>;
  neverCrossed: (count: number) => string;
  why: string;
  whyTitle: (name: string) => string;
  since: (when: string) => string;
  nobodyWatches: string;
  again: string;
  flow: string;
  flowOf: (toRight: string, toLeft: string) => string;
  noFlow: string;
  wouldHaveCounted: string;
}

const many = (count: number, one: string, more: string) => `${count.toLocaleString("en")} ${count === 1 ? one : more}`;

export const trialEn: TrialTexts = {
  tryIt: "Try it on the last hour",
  trying: "Trying it on what the camera saw in the last hour…",
  cannotBeTried: "Rules of this kind cannot be tried: the log of tracks tells nothing of what they watch.",
  wouldHaveMade: (count) => `It would have made ${count === 0 ? "no event" : many(count, "event", "events")}`,
  stillGoingOn: "still going on",
  andMore: (count) => `and ${count.toLocaleString("en")} more`,
  noLog: "There is no log of that time, so this says nothing about the rule.",
  seen: (looks) => `The camera was looked at ${many(looks, "time", "times")}.`,
  cameTo: (time) => `The trial came up to ${time}.`,
  tracks: (count) => many(count, "track", "tracks"),
  noTracks: "No track is over yet, so there is nothing to tell.",
  madeEvent: (count) => `${count.toLocaleString("en")} made an event`,
  unfulfilled: {
    label: (n) => many(n, "was of another kind of object", "were of another kind of object"),
    place: (n) => `${n.toLocaleString("en")} never came into the zone`,
    direction: (n) => `${n.toLocaleString("en")} went the other way`,
    size: (n) => `${n.toLocaleString("en")} too small`,
    score: (n) => `${n.toLocaleString("en")} not sure enough`,
    path: (n) => `${n.toLocaleString("en")} had not moved far enough`,
    speed: (n) => `${n.toLocaleString("en")} too slow`,
    duration: (n) => `${n.toLocaleString("en")} too short`,
    hours: (n) => `${n.toLocaleString("en")} outside its hours`,
    cool_down: (n) => `${n.toLocaleString("en")} while it was quiet after an event`,
    once: (n) => `${n.toLocaleString("en")} had made their one event already`,
  },
  neverCrossed: (n) => `${n.toLocaleString("en")} never crossed the line`,
  why: "Why did nothing happen?",
  whyTitle: (name) => `Why did nothing happen? ${name}`,
  since: (when) => `Since ${when}`,
  nobodyWatches: "Nobody watches for this rule at the moment.",
  again: "Ask again",
  flow: "Last 24 hours",
  flowOf: (toRight, toLeft) => `Crossings by the hour: ${toRight} left to right, ${toLeft} right to left`,
  noFlow: "Nobody has crossed the line.",
  wouldHaveCounted: "It would have counted",
};

export const trialZh: TrialTexts = {
  tryIt: "用最近 1 小时试运行",
  trying: "正在用摄像机最近 1 小时的记录试运行…",
  cannotBeTried: "此类规则无法试运行：轨迹记录中没有它所监看的内容。",
  wouldHaveMade: (count) => (count === 0 ? "不会产生事件" : `将产生 ${count} 个事件`),
  stillGoingOn: "仍在进行",
  andMore: (count) => `另有 ${count} 个`,
  noLog: "这段时间没有记录，因此无法说明规则的效果。",
  seen: (looks) => `摄像机画面被分析了 ${looks} 次。`,
  cameTo: (time) => `试运行到 ${time} 为止。`,
  tracks: (count) => `共 ${count} 条轨迹`,
  noTracks: "尚无已结束的轨迹，暂无可说明的内容。",
  madeEvent: (count) => `${count} 条产生了事件`,
  unfulfilled: {
    label: (n) => `${n} 条是其他目标`,
    place: (n) => `${n} 条未进入区域`,
    direction: (n) => `${n} 条方向不符`,
    size: (n) => `${n} 条太小`,
    score: (n) => `${n} 条置信度不够`,
    path: (n) => `${n} 条移动距离不够`,
    speed: (n) => `${n} 条太慢`,
    duration: (n) => `${n} 条持续时间太短`,
    hours: (n) => `${n} 条不在时段内`,
    cool_down: (n) => `${n} 条处于事件后的静默期`,
    once: (n) => `${n} 条已产生过一次事件`,
  },
  neverCrossed: (n) => `${n} 条未越线`,
  why: "为何没有事件？",
  whyTitle: (name) => `为何没有事件？${name}`,
  since: (when) => `自 ${when}`,
  nobodyWatches: "目前没有进程在执行这条规则。",
  again: "刷新",
  flow: "最近 24 小时",
  flowOf: (toRight, toLeft) => `每小时越线数量：从左到右 ${toRight}，从右到左 ${toLeft}`,
  noFlow: "没有目标越线。",
  wouldHaveCounted: "将统计到",
};
