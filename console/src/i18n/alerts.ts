import type { DeliveryState } from "../api/deliveries";
import type { Grouping, Moment, SubscriptionState } from "../api/subscriptions";
import type { Term } from "../state/subscription-draft";

/** Texts about subscriptions: their list, their form, their secret and their test. */
export interface AlertTexts {
  note: (count: number, hasMore: boolean) => string;
  add: string;
  none: string;
  noneHint: string;
  noneForYou: string;
  noneFound: string;
  noneFoundHint: string;
  guide: string;
  guideText: string;
  fromSearch: string;
  fromSearchHint: string;
  anyState: string;
  more: string;
  all: string;
  columns: { name: string; department: string; target: string; state: string; waiting: string; lastSuccess: string };
  states: Record<SubscriptionState, string>;
  stateHints: Record<SubscriptionState, string>;
  never: string;
  count: (count: string, atLeast: boolean) => string;
  dead: (count: string) => string;
  resting: (until: string) => string;
  restingHint: string;

  title: string;
  made: (who: string, when: string) => string;
  health: { waiting: string; dead: string; lastSuccess: string; rate: string; receiver: string };
  perMinute: (rate: string) => string;
  change: string;
  pause: string;
  resume: string;
  test: string;
  rotate: string;
  remove: string;
  removeTitle: (name: string) => string;
  removeText: string;

  testTitle: string;
  testText: string;
  testStates: Record<DeliveryState, string>;
  notTried: string;
  notTriedLong: string;
  triedAgain: (when: string) => string;
  closeTest: string;

  secretTitle: (name: string) => string;
  secret: string;
  secretText: string;
  secretOnce: string;
  oldSigns: (until: string) => string;
  oldEnded: string;
  rotateTitle: (name: string) => string;
  rotateText: string;
  overlap: string;
  overlaps: Record<"none" | "hour" | "day" | "week", string>;
  overlapHint: string;

  terms: string;
  fields: Record<Term | "department" | "picture", string>;
  everything: string;
  anySeverity: string;
  atLeast: (severity: string) => string;
  always: string;
  momentNames: Record<Moment, string>;
  groupings: Record<Grouping, string>;
  groupingHints: Record<Grouping, string>;
  /** The rule of a group as one sentence, for its length in words. */
  together: (grouping: Exclude<Grouping, "event">, span: string) => string;
  oneByOne: string;
  withPicture: string;
  withoutPicture: string;
  pictureHint: string;
  noticesHint: string;
  withNotices: string;
  withoutNotices: string;

  formTitle: string;
  formNote: string;
  changeTitle: (name: string) => string;
  groups: { receiver: string; what: string; when: string; together: string };
  nameHint: string;
  choose: string;
  departmentHint: string;
  urlHint: string;
  filterHint: string;
  words: string;
  wordsHint: string;
  severityHint: string;
  coolDown: string;
  coolDownHint: string;
  make: string;
  save: string;
  conflictTitle: string;
  conflictText: string;
}

const SPAN_OF = { camera: "camera", rule: "rule", subscription: "subscription" } as const;

export const alertsEn: AlertTexts = {
  note: (count, hasMore) =>
    `${count.toLocaleString("en")}${hasMore ? " and more" : ""} ${count === 1 ? "subscription" : "subscriptions"}`,
  add: "New subscription",
  none: "No program is told of anything yet",
  noneHint:
    "A subscription tells a department's program - a duty system, a chat bot - of events as they happen. Say of which events and where, and send a test.",
  noneForYou: "Your department's programs are told of nothing yet. An admin of the department can make a subscription.",
  noneFound: "No subscription matches",
  noneFoundHint: "Take a filter away.",
  guide: "How a program receives and checks messages",
  guideText:
    "We send a POST with a CloudEvent in JSON, signed as Standard Webhooks says: the headers webhook-id, webhook-timestamp and webhook-signature. Check the signature by the secret, answer with a status of 2xx within ten seconds, and keep the ids that you have seen: a message may come twice, always under the same id. docs/guide/alerts.md has a whole receiver to copy.",
  fromSearch: "Tell a program",
  fromSearchHint: "Tell a program of such events as they happen",
  anyState: "All states",
  more: "Show more",
  all: "All subscriptions",
  columns: {
    name: "Name",
    department: "Department",
    target: "Receiver",
    state: "State",
    waiting: "Waiting",
    lastSuccess: "Last arrived",
  },
  states: { active: "Active", paused: "Paused", stopped: "Stopped" },
  stateHints: {
    active: "Events that fit are sent as they happen.",
    paused: "Nothing is sent until it is resumed; what is to be told waits.",
    stopped: "Nothing is sent any more: somebody has to look at the receiver and resume it. What is to be told waits.",
  },
  never: "never",
  count: (count, atLeast) => (atLeast ? `${count}+` : count),
  dead: (count) => `${count} given up`,
  resting: (until) => `Left alone until ${until}`,
  restingHint: "It failed time and again, so nothing is sent there for a while.",

  title: "Subscription",
  made: (who, when) => `made by ${who}, ${when}`,
  health: {
    waiting: "Waiting",
    dead: "Given up in 24 hours",
    lastSuccess: "Last arrived",
    rate: "Arriving",
    receiver: "Receiver",
  },
  perMinute: (rate) => `${rate} a minute`,
  change: "Change",
  pause: "Pause",
  resume: "Resume",
  test: "Send a test",
  rotate: "New secret",
  remove: "Remove",
  removeTitle: (name) => `Remove ${name}?`,
  removeText: "Nothing more is sent, also not what waits. Its deliveries stay readable for as long as they are kept.",

  testTitle: "Test",
  testText: "A message that tells of nothing.",
  testStates: {
    waiting: "On its way",
    delivered: "It arrived: the receiver has taken it",
    dead: "It was given up",
    withheld: "It was withheld",
  },
  notTried: "It is about to be sent.",
  notTriedLong: "Nothing has tried to send it yet. Does the process sharp-eyes alerts run?",
  triedAgain: (when) => `It is tried again at ${when}.`,
  closeTest: "Close the test",

  secretTitle: (name) => `Secret of ${name}`,
  secret: "Secret",
  secretText: "Every message is signed with it. Give it to the receiver, which checks by it that a message is ours.",
  secretOnce: "It is shown this once, and nobody can show it again.",
  oldSigns: (until) => `The one before it signs as well until ${until}: let the receiver change over until then.`,
  oldEnded: "The one before it does not sign any more.",
  rotateTitle: (name) => `A new secret for ${name}`,
  rotateText: "The receiver has to be told of the new one. For a while both sign, so that no message is refused meanwhile.",
  overlap: "The old one goes on signing",
  overlaps: { none: "Not at all", hour: "1 hour", day: "24 hours", week: "7 days" },
  overlapHint: "Not at all: where somebody has learned the old one.",

  terms: "What it tells",
  fields: {
    name: "Name",
    department: "Department",
    url: "Address of the receiver",
    filter: "Which events",
    min_severity: "At least this urgent",
    hours: "Hours",
    moments: "Told when the event",
    grouping: "Together",
    cool_down_s: "Length of a group",
    with_picture: "With a link to the masked picture",
    picture: "Picture",
    notices: "Troubles of the system",
  },
  everything: "All that the department may see",
  anySeverity: "However urgent",
  atLeast: (severity) => `${severity} or more urgent`,
  always: "Always",
  momentNames: { started: "started", ended: "ended" },
  groupings: { event: "Each event by itself", camera: "By camera", rule: "By rule", subscription: "All together" },
  groupingHints: {
    event: "One message for each event.",
    camera: "So that one busy camera does not ring all the time.",
    rule: "Each rule of each camera for itself.",
    subscription: "A storm anywhere becomes few messages.",
  },
  together: (grouping, span) =>
    `At most one alert per ${SPAN_OF[grouping]} and ${span}. The first event is told at once; what else happens within ${span} comes together, in one message, at its end.`,
  oneByOne: "Each event is told at once, in a message of its own: also a thousand of them.",
  withPicture: "with a link to the masked picture",
  withoutPicture: "without a picture",
  noticesHint: "A full disk, a quota that is reached, a store that does not answer: when it begins and when it is over.",
  withNotices: "told, too",
  withoutNotices: "not told",
  pictureHint: "The link works for some minutes. Whoever has it sees the masked picture, so it belongs into no public channel.",

  formTitle: "New subscription",
  formNote: "A program is told of what its department may see, as an operator of the department would see it, and of nothing that happened before.",
  changeTitle: (name) => `Change ${name}`,
  groups: { receiver: "Who is told", what: "Of which events", when: "When", together: "One by one, or together" },
  nameHint: "What it is for; each of a department has another name.",
  choose: "Choose",
  departmentHint: "It cannot be changed later: make another one for another department.",
  urlHint: "https, without a login. Addresses within your own network must be opened by the setting alerts.allowed_targets.",
  filterHint: "What is chosen of several kinds must all hold. Nothing chosen: all events.",
  words: "Words",
  wordsHint: "In the camera's name or address",
  severityHint: "Less urgent events are not told.",
  coolDown: "Seconds",
  coolDownHint: "How long a group lasts after its first event.",
  make: "Subscribe",
  save: "Save",
  conflictTitle: "Somebody else has changed this subscription meanwhile",
  conflictText: "Nothing was overwritten. This was changed since you began:",
};

const ZH_OF = { camera: "每台摄像机", rule: "每条规则", subscription: "整个订阅" } as const;

export const alertsZh: AlertTexts = {
  note: (count, hasMore) => (hasMore ? `已显示 ${count} 个订阅，还有更多` : `共 ${count} 个订阅`),
  add: "新建订阅",
  none: "还没有向任何程序推送",
  noneHint: "订阅会在事件发生时通知本单位的程序，例如值班系统或聊天机器人。先选定事件和接收地址，再发送一条测试消息。",
  noneForYou: "本单位还没有订阅，暂不向任何程序推送。单位管理员可以新建订阅。",
  noneFound: "没有符合条件的订阅",
  noneFoundHint: "请减少筛选条件。",
  guide: "程序如何接收并校验消息",
  guideText:
    "系统以 POST 发送 JSON 格式的 CloudEvent，并按 Standard Webhooks 签名，请求头为 webhook-id、webhook-timestamp 和 webhook-signature。接收方应使用密钥校验签名，在十秒内返回 2xx，并记录已处理的编号：同一消息可能重复送达，但编号始终相同。完整的接收程序示例见 docs/guide/alerts.md。",
  fromSearch: "推送给程序",
  fromSearchHint: "以后发生此类事件时通知程序",
  anyState: "全部状态",
  more: "显示更多",
  all: "全部订阅",
  columns: {
    name: "名称",
    department: "单位",
    target: "接收方",
    state: "状态",
    waiting: "待推送",
    lastSuccess: "最近送达",
  },
  states: { active: "推送中", paused: "已暂停", stopped: "已停止" },
  stateHints: {
    active: "符合条件的事件发生后立即推送。",
    paused: "恢复之前不推送，待推送的消息会保留。",
    stopped: "已停止推送：请检查接收方后再恢复。待推送的消息会保留。",
  },
  never: "从未",
  count: (count, atLeast) => (atLeast ? `${count}+` : count),
  dead: (count) => `${count} 条已放弃`,
  resting: (until) => `${until} 前暂不推送`,
  restingHint: "接收方连续失败，因此暂停向其推送一段时间。",

  title: "订阅",
  made: (who, when) => `由${who}创建于 ${when}`,
  health: { waiting: "待推送", dead: "24 小时内放弃", lastSuccess: "最近送达", rate: "送达速率", receiver: "接收方" },
  perMinute: (rate) => `每分钟 ${rate} 条`,
  change: "修改",
  pause: "暂停",
  resume: "恢复",
  test: "发送测试",
  rotate: "更换密钥",
  remove: "删除",
  removeTitle: (name) => `删除“${name}”？`,
  removeText: "将不再推送任何消息，包括待推送的消息。推送记录在保留期内仍可查看。",

  testTitle: "测试",
  testText: "一条不含事件的消息。",
  testStates: {
    waiting: "正在发送",
    delivered: "已送达：接收方已确认",
    dead: "已放弃",
    withheld: "未获准推送",
  },
  notTried: "即将发送。",
  notTriedLong: "尚未尝试发送。请确认 sharp-eyes alerts 进程正在运行。",
  triedAgain: (when) => `将于 ${when} 重试。`,
  closeTest: "关闭测试",

  secretTitle: (name) => `“${name}”的密钥`,
  secret: "密钥",
  secretText: "每条消息都用它签名。请将其交给接收方，以便校验消息确由本系统发出。",
  secretOnce: "仅显示这一次，之后任何人都无法再次查看。",
  oldSigns: (until) => `旧密钥将同时签名至 ${until}，请让接收方在此之前完成更换。`,
  oldEnded: "旧密钥已不再签名。",
  rotateTitle: (name) => `为“${name}”更换密钥`,
  rotateText: "需要将新密钥告知接收方。过渡期内新旧密钥同时签名，消息不会因此被拒。",
  overlap: "旧密钥继续签名",
  overlaps: { none: "立即停用", hour: "1 小时", day: "24 小时", week: "7 天" },
  overlapHint: "旧密钥已经泄露时，请选择立即停用。",

  terms: "推送内容",
  fields: {
    name: "名称",
    department: "单位",
    url: "接收地址",
    filter: "推送的事件",
    min_severity: "最低级别",
    hours: "时段",
    moments: "推送时机",
    grouping: "合并方式",
    cool_down_s: "合并时长",
    with_picture: "附打码图片链接",
    picture: "图片",
    notices: "系统异常通知",
  },
  everything: "本单位可见的全部事件",
  anySeverity: "全部级别",
  atLeast: (severity) => `${severity}及以上`,
  always: "全天",
  momentNames: { started: "事件开始", ended: "事件结束" },
  groupings: { event: "逐条推送", camera: "按摄像机合并", rule: "按规则合并", subscription: "全部合并" },
  groupingHints: {
    event: "每个事件一条消息。",
    camera: "避免某台繁忙的摄像机反复告警。",
    rule: "每台摄像机的每条规则分别合并。",
    subscription: "各处的告警风暴都合并为少量消息。",
  },
  together: (grouping, span) =>
    `${ZH_OF[grouping]}在 ${span}内最多告警一次：首个事件立即推送，${span}内的其余事件到期后合并为一条消息。`,
  oneByOne: "每个事件都立即单独推送，即使有上千条。",
  withPicture: "附打码图片链接",
  withoutPicture: "不附图片",
  noticesHint: "磁盘已满、达到配额、存储无响应：开始和恢复时各通知一次。",
  withNotices: "一并通知",
  withoutNotices: "不通知",
  pictureHint: "链接数分钟内有效。持有链接者即可查看打码图片，请勿发到公开群组。",

  formTitle: "新建订阅",
  formNote: "程序能收到的内容与该单位操作员可见的内容相同；创建之前发生的事件不会推送。",
  changeTitle: (name) => `修改“${name}”`,
  groups: { receiver: "通知谁", what: "哪些事件", when: "何时", together: "逐条或合并" },
  nameHint: "说明用途；同一单位内不能重名。",
  choose: "请选择",
  departmentHint: "以后不能修改；如需为其他单位推送，请另建订阅。",
  urlHint: "须为 https，且不含登录信息。内网地址须先由 alerts.allowed_targets 设置放行。",
  filterHint: "多类条件须同时满足；不选则推送全部事件。",
  words: "关键词",
  wordsHint: "摄像机名称或地址中的文字",
  severityHint: "低于此级别的事件不推送。",
  coolDown: "秒数",
  coolDownHint: "从首个事件起合并多长时间。",
  make: "订阅",
  save: "保存",
  conflictTitle: "他人已先行修改此订阅",
  conflictText: "尚未覆盖任何内容。在您编辑期间有以下改动：",
};
