import type { GrantState, Right, SubjectKind, Way } from "../api/grants";
import type { End, Tab } from "../state/grant-draft";

/** Texts about grants: what departments share with each other. */
export interface SharingTexts {
  tabs: Record<Tab, string>;
  list: string;
  note: (count: number, hasMore: boolean) => string;
  waitsForYou: string;
  waitsForOthers: string;
  badge: (count: number) => string;
  add: string;
  all: string;
  none: Record<Tab, string>;
  noneHint: string;
  more: string;
  find: string;
  states: Record<GrantState, string>;
  /** Who may do what, on what; it goes on with when and what for. */
  sentence: (to: string, rights: string, on: string) => string;
  wish: (to: string, rights: string, on: string) => string;
  seen: Record<Exclude<Right, "export" | "manage">, string>;
  done: Record<"export" | "manage", string>;
  rightsOf: (seen: string, done: readonly string[]) => string;
  and: (names: readonly string[]) => string;
  onDepartment: (department: string) => string;
  onSector: (sector: string, owner: string | null) => string;
  onRegion: (region: string, owner: string | null) => string;
  onCamera: (camera: string, owner: string | null) => string;
  onEverything: string;
  roleOf: (role: string, department: string) => string;
  until: (when: string) => string;
  fromUntil: (from: string, until: string) => string;
  from: (when: string) => string;
  openEnd: string;
  withHistory: string;
  withoutHistory: string;
  purposeOf: (purpose: string) => string;
  asked: (name: string, when: string) => string;
  approved: (name: string | null, when: string) => string;
  refused: (name: string | null, when: string) => string;
  ended: (name: string | null, when: string) => string;
  approve: string;
  refuse: string;
  takeBack: string;
  revoke: string;
  approveTitle: string;
  refuseTitle: string;
  revokeTitle: string;
  revokeText: string;
  why: string;
  whyOptional: string;
  whyHint: string;

  formTitle: string;
  formNote: string;
  on: string;
  kinds: Record<SubjectKind, string>;
  choose: string;
  findCamera: string;
  noCamera: string;
  owner: string;
  ownerCity: string;
  ownerHint: string;
  to: string;
  toDepartment: string;
  toPerson: string;
  department: string;
  role: string;
  anyRole: string;
  person: string;
  myself: string;
  rights: string;
  rightNames: Record<Right, string>;
  rightHints: Record<Right, string>;
  time: string;
  begins: string;
  beginsHint: string;
  ends: string;
  endsHint: string;
  quick: Record<End, string>;
  noEnd: string;
  history: string;
  historyHint: string;
  purpose: string;
  purposeHint: string;
  send: string;
  sent: string;
  sentHint: string;
  askForIt: string;

  viewers: string;
  viewersAbout: string;
  noViewers: string;
  who: string;
  rightsHead: string;
  through: string;
  ways: Record<Way["kind"], string>;
  byGrant: (id: number) => string;
  untilHead: string;
  everybody: string;
  allOf: (department: string) => string;
  rolesOfCity: (role: string) => string;
  sight: string;
  sightOf: (name: string) => string;
  sightAbout: string;
  sightNothing: string;
  camerasOf: (count: number) => string;
  onHead: string;
}

export const sharingEn: SharingTexts = {
  tabs: { waiting: "Waiting", given: "Given by us", received: "Received", over: "Over" },
  list: "Which grants",
  note: (count, hasMore) => `${count.toLocaleString("en")}${hasMore ? " and more" : ""} ${count === 1 ? "grant" : "grants"}`,
  waitsForYou: "Waiting for you",
  waitsForOthers: "Waiting for somebody else",
  badge: (count) => `${count} waiting for you`,
  add: "Ask or give",
  all: "All grants",
  none: {
    waiting: "Nothing is waiting",
    given: "Nothing is given",
    received: "Nothing is received",
    over: "Nothing is over",
  },
  noneHint: "Cameras are their department's own: others see them by a grant, which is asked for, approved, and ends.",
  more: "Look further back",
  find: "Find in words, names and purposes",
  states: { requested: "Requested", approved: "In force", refused: "Refused", revoked: "Revoked", expired: "Expired" },
  sentence: (to, rights, on) => `${to} may ${rights} of ${on}`,
  wish: (to, rights, on) => `${to} would like to ${rights} of ${on}`,
  seen: { list: "the catalogue entry", events: "events", media: "pictures", live: "live pictures", unmasked: "originals" },
  done: { export: "export lists", manage: "change the settings" },
  rightsOf: (seen, done) => [seen && `see ${seen}`, ...done].filter(Boolean).join(", and "),
  and: (names) => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`),
  onDepartment: (department) => `all cameras of ${department}`,
  onSector: (sector, owner) => `cameras in the sector “${sector}”${owner ? `, as far as they are ${owner}'s` : ""}`,
  onRegion: (region, owner) => `cameras in ${region}${owner ? `, as far as they are ${owner}'s` : ""}`,
  onCamera: (camera, owner) => `${camera}${owner ? ` (${owner})` : ""}`,
  onEverything: "Everything",
  roleOf: (role, department) => `${department} (${role.toLowerCase()})`,
  until: (when) => `until ${when}`,
  fromUntil: (from, until) => `from ${from} until ${until}`,
  from: (when) => `from ${when} until it is revoked`,
  openEnd: "until it is revoked",
  withHistory: "also of what happened before",
  withoutHistory: "only of what happens from then on",
  purposeOf: (purpose) => `For: ${purpose}`,
  asked: (name, when) => `Asked for by ${name}, ${when}`,
  approved: (name, when) => `Approved by ${name ?? "nobody"}, ${when}`,
  refused: (name, when) => `Refused by ${name ?? "nobody"}, ${when}`,
  ended: (name, when) => (name === null ? `Ended by itself, ${when}` : `Revoked by ${name}, ${when}`),
  approve: "Approve",
  refuse: "Refuse",
  takeBack: "Take back",
  revoke: "Revoke",
  approveTitle: "Approve this grant?",
  refuseTitle: "Refuse this grant?",
  revokeTitle: "Revoke this grant?",
  revokeText: "It ends at once, also for whoever is looking now. Another one can be asked for.",
  why: "Reason",
  whyOptional: "Remark, where there is one",
  whyHint: "Who asked reads it, and it goes on record.",

  formTitle: "Ask for a grant, or give one",
  formNote: "Somebody else approves it: an administrator of the department whose cameras they are, who did not ask.",
  on: "Cameras",
  kinds: { department: "of a department", sector: "of a sector", region: "in a region", camera: "one camera" },
  choose: "Choose …",
  findCamera: "Find a camera by name",
  noCamera: "No camera that you can see is called so",
  owner: "Granted by",
  ownerCity: "the city: whosever cameras they are",
  ownerHint: "A department can grant only what is its own.",
  to: "For",
  toDepartment: "a department",
  toPerson: "a person",
  department: "Department",
  role: "Role",
  anyRole: "everybody of it",
  person: "Person",
  myself: "myself",
  rights: "Rights",
  rightNames: {
    list: "Catalogue",
    events: "Events",
    media: "Pictures and clips",
    live: "Live pictures",
    unmasked: "Originals",
    export: "Exports",
    manage: "Settings",
  },
  rightHints: {
    list: "that the camera is there, where, and how it is doing",
    events: "what happened, when, by which rule",
    media: "masked snapshots and clips of events",
    live: "the masked picture of now",
    unmasked: "clips without masks, each time with a reason",
    export: "take lists along as files",
    manage: "change the camera, its streams, zones and rules",
  },
  time: "Time",
  begins: "From",
  beginsHint: "Empty: as soon as it is approved.",
  ends: "Until",
  endsHint: "Empty: until somebody revokes it.",
  quick: { today: "Today", friday: "Until Friday", week: "A week", month: "A month" },
  noEnd: "No end",
  history: "Also what happened before",
  historyHint: "Without it, only events that start once the grant is in force are seen.",
  purpose: "What for",
  purposeHint: "Who approves it decides by this, and it goes on record. 3 to 500 characters.",
  send: "Ask for it",
  sent: "Asked for",
  sentHint: "It waits for somebody who may approve it.",
  askForIt: "Ask for a grant",

  viewers: "Who can see this camera",
  viewersAbout: "Everybody who sees it now, and why.",
  noViewers: "Nobody sees it.",
  who: "Who",
  rightsHead: "What",
  through: "Why",
  ways: { home: "own department", facts: "the city shares what happened", grant: "grant", city: "looks after the city" },
  byGrant: (id) => `grant ${id}`,
  untilHead: "Until",
  everybody: "Everybody",
  allOf: (department) => `Everybody of ${department}`,
  rolesOfCity: (role) => `${role} of the city`,
  sight: "What they can see",
  sightOf: (name) => `What ${name} can see`,
  sightAbout: "By role and by grants, now.",
  sightNothing: "Nothing at all.",
  camerasOf: (count) => (count === 1 ? "1 camera" : `${count.toLocaleString("en")} cameras`),
  onHead: "Of what",
};

export const sharingZh: SharingTexts = {
  tabs: { waiting: "待处理", given: "我方共享", received: "共享给我方", over: "已结束" },
  list: "查看哪些授权",
  note: (count, hasMore) => (hasMore ? `已显示 ${count} 条授权，还有更多` : `共 ${count} 条授权`),
  waitsForYou: "等待您处理",
  waitsForOthers: "等待他人处理",
  badge: (count) => `${count} 项等待您处理`,
  add: "申请或授予",
  all: "全部授权",
  none: { waiting: "没有待处理的申请", given: "没有共享出去的授权", received: "没有收到的授权", over: "没有已结束的授权" },
  noneHint: "摄像机归各单位所有，其他单位须经申请、批准后方可查看，授权到期即止。",
  more: "继续向前查找",
  find: "按内容、名称或用途查找",
  states: { requested: "待批准", approved: "生效中", refused: "已拒绝", revoked: "已撤销", expired: "已到期" },
  sentence: (to, rights, on) => `${to}可${rights.replace("{on}", on)}`,
  wish: (to, rights, on) => `${to}申请${rights.replace("{on}", on)}`,
  seen: { list: "目录信息", events: "事件", media: "图片录像", live: "实时画面", unmasked: "原始录像" },
  done: { export: "导出清单", manage: "修改设置" },
  rightsOf: (seen, done) => [seen ? `查看{on}的${seen}` : "对{on}", ...done].join("，并可"),
  and: (names) => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join("、")}和${names.at(-1)}`),
  onDepartment: (department) => `“${department}”全部摄像机`,
  onSector: (sector, owner) => `“${sector}”行业${owner ? `中属于“${owner}”的` : "的"}摄像机`,
  onRegion: (region, owner) => `${region}${owner ? `内属于“${owner}”的` : "内的"}摄像机`,
  onCamera: (camera, owner) => `摄像机“${camera}”${owner ? `（${owner}）` : ""}`,
  onEverything: "全部",
  roleOf: (role, department) => `“${department}”的${role}`,
  until: (when) => `至 ${when}`,
  fromUntil: (from, until) => `${from} 至 ${until}`,
  from: (when) => `自 ${when} 起，直至撤销`,
  openEnd: "直至撤销",
  withHistory: "含生效前的事件",
  withoutHistory: "仅限生效后的事件",
  purposeOf: (purpose) => `用途：${purpose}`,
  asked: (name, when) => `${name} 于 ${when} 申请`,
  approved: (name, when) => `${name ?? "系统"} 于 ${when} 批准`,
  refused: (name, when) => `${name ?? "系统"} 于 ${when} 拒绝`,
  ended: (name, when) => (name === null ? `${when} 到期` : `${name} 于 ${when} 撤销`),
  approve: "批准",
  refuse: "拒绝",
  takeBack: "撤回",
  revoke: "撤销",
  approveTitle: "批准此授权？",
  refuseTitle: "拒绝此授权？",
  revokeTitle: "撤销此授权？",
  revokeText: "授权立即终止，正在查看的人也会中断。之后可重新申请。",
  why: "理由",
  whyOptional: "备注（可不填）",
  whyHint: "申请人可以看到，并记入操作记录。",

  formTitle: "申请或授予权限",
  formNote: "须由他人批准：即摄像机所属单位中并非申请人的管理员。",
  on: "摄像机范围",
  kinds: { department: "某单位", sector: "某行业", region: "某区划", camera: "单个摄像机" },
  choose: "请选择……",
  findCamera: "按名称查找摄像机",
  noCamera: "您能查看的摄像机中没有此名称",
  owner: "授权方",
  ownerCity: "全市：不限所属单位",
  ownerHint: "单位只能授权属于自己的摄像机。",
  to: "授予对象",
  toDepartment: "单位",
  toPerson: "个人",
  department: "单位",
  role: "角色",
  anyRole: "该单位所有人",
  person: "人员",
  myself: "本人",
  rights: "权限",
  rightNames: {
    list: "目录",
    events: "事件",
    media: "图片和录像",
    live: "实时画面",
    unmasked: "原始录像",
    export: "导出",
    manage: "设置",
  },
  rightHints: {
    list: "知道有此摄像机、位置及运行状况",
    events: "何时发生何事、触发哪条规则",
    media: "事件的打码图片和录像",
    live: "打码的当前画面",
    unmasked: "未打码的录像，每次查看须说明理由",
    export: "将清单导出为文件",
    manage: "修改摄像机及其码流、区域和规则",
  },
  time: "时间",
  begins: "开始",
  beginsHint: "留空则批准后立即生效。",
  ends: "结束",
  endsHint: "留空则在撤销前一直有效。",
  quick: { today: "今天", friday: "至周五", week: "一周", month: "一个月" },
  noEnd: "不限期",
  history: "包括此前的事件",
  historyHint: "不勾选则只能查看授权生效后开始的事件。",
  purpose: "用途",
  purposeHint: "批准人据此决定，并记入操作记录。3 至 500 个字符。",
  send: "提交申请",
  sent: "已提交申请",
  sentHint: "等待有权批准的人处理。",
  askForIt: "申请授权",

  viewers: "谁能查看此摄像机",
  viewersAbout: "目前能查看的所有人及其原因。",
  noViewers: "没有人能查看。",
  who: "对象",
  rightsHead: "权限",
  through: "原因",
  ways: { home: "本单位", facts: "全市共享事件信息", grant: "授权", city: "全市管理职责" },
  byGrant: (id) => `授权 ${id}`,
  untilHead: "期限",
  everybody: "所有人",
  allOf: (department) => `“${department}”所有人`,
  rolesOfCity: (role) => `全市的${role}`,
  sight: "可查看的内容",
  sightOf: (name) => `${name} 可查看的内容`,
  sightAbout: "按角色和授权，目前可查看的内容。",
  sightNothing: "不能查看任何内容。",
  camerasOf: (count) => `${count} 个摄像机`,
  onHead: "范围",
};
