/** Texts about the record of who did what, and words for its acts. */
export interface AuditTexts {
  note: (count: number) => string;
  at: string;
  who: string;
  act: string;
  object: string;
  whose: string;
  anyAct: string;
  anyOutcome: string;
  outcomes: Record<"done" | "refused", string>;
  anyDepartment: string;
  time: string;
  refused: string;
  program: string;
  stranger: string;
  onMachine: string;
  from: (address: string) => string;
  purpose: string;
  detail: string;
  only: (what: string) => string;
  more: string;
  none: string;
  noneHint: string;
  csv: string;
  csvHint: string;
  sealedAll: (rows: string) => string;
  unsealed: (count: string, since: string) => string;
  checkpoint: (place: string, when: string) => string;
  noCheckpoint: string;
  prunedTo: (place: string) => string;
  notSealed: string;
  number: (id: number) => string;
  acts: Readonly<Record<string, string>>;
  objects: Readonly<Record<string, string>>;
  details: Readonly<Record<string, string>>;
}

export const auditEn: AuditTexts = {
  note: (count) => `${count.toLocaleString("en")} shown`,
  at: "When",
  who: "Who",
  act: "What",
  object: "Of what",
  whose: "Whose",
  anyAct: "Whatever was done",
  anyOutcome: "Done or refused",
  outcomes: { done: "Done", refused: "Refused" },
  anyDepartment: "All departments",
  time: "Time",
  refused: "Refused",
  program: "Sharp Eyes itself",
  stranger: "somebody who was not let in",
  onMachine: "on the server itself",
  from: (address) => `from ${address}`,
  purpose: "What for",
  detail: "Details",
  only: (what) => `Only ${what}`,
  more: "Show older ones",
  none: "Nothing on record",
  noneHint: "Nothing of the kind was done in that time. Take a filter away.",
  csv: "CSV",
  csvHint: "All that the filters find, as a file",
  sealedAll: (rows) => `${rows} rows, all sealed`,
  unsealed: (count, since) => `${count} rows are not sealed yet, the oldest since ${since}`,
  checkpoint: (place, when) => `Last checkpoint at place ${place}, ${when}`,
  noCheckpoint: "No checkpoint yet",
  prunedTo: (place) => `removed up to place ${place}`,
  notSealed: "not sealed yet",
  number: (id) => `Number ${id}`,
  acts: {
    sign_in: "Signed in",
    sign_out: "Signed out",
    search: "Searched",
    export: "Exported",
    look_at_snapshot: "Looked at a snapshot",
    look_at_clip: "Looked at a clip",
    look_at_latest: "Looked at the latest picture",
    live_view_begun: "Began to watch live",
    live_view_ended: "Stopped watching live",
    follow_begun: "Began to follow events",
    follow_ended: "Stopped following events",
    probe: "Tried an address",
    unmasking_asked: "Asked to see an original",
    unmasking_decided: "Decided on an original",
    look_at_original: "Looked at an original",
    add: "Added",
    change: "Changed",
    remove: "Removed",
    restore: "Restored",
    import: "Imported",
    grant_asked: "Asked for a grant",
    grant_approved: "Approved a grant",
    grant_refused: "Refused a grant",
    grant_revoked: "Revoked a grant",
    grant_expired: "Grant expired",
    invite: "Made a link",
    password_chosen: "Chose a password",
    session_ended: "Ended a session",
    key_made: "Made a key",
    key_revoked: "Revoked a key",
    refusal: "Was refused",
    record_read: "Read the record",
    record_pruned: "Pruned the record",
  },
  objects: {
    event: "event",
    camera: "camera",
    stream: "stream",
    zone: "zone",
    line: "line",
    rule: "rule",
    department: "department",
    region: "region",
    person: "person",
    session: "session",
    api_key: "key",
    grant: "grant",
    unmasking: "unmasking",
    import: "import",
    record: "record",
    worker: "worker",
    address: "address",
    invitation: "link",
    request: "request",
    trial: "trial",
    flow: "flow",
    overview: "overview",
  },
  details: {
    filters: "Filters",
    why: "Told",
    shown: "Shown",
    ids: "Shown",
    rights: "Rights",
    changed: "Changed",
    name: "Name",
    right: "Right",
    path: "Address",
    method: "Method",
  },
};

export const auditZh: AuditTexts = {
  note: (count) => `已显示 ${count} 条`,
  at: "时间",
  who: "何人",
  act: "操作",
  object: "对象",
  whose: "所属单位",
  anyAct: "全部操作",
  anyOutcome: "完成或被拒",
  outcomes: { done: "已完成", refused: "被拒绝" },
  anyDepartment: "全部单位",
  time: "时间",
  refused: "被拒绝",
  program: "系统",
  stranger: "未获准进入者",
  onMachine: "服务器本机",
  from: (address) => `来自 ${address}`,
  purpose: "用途",
  detail: "详情",
  only: (what) => `只看${what}`,
  more: "显示更早的记录",
  none: "没有记录",
  noneHint: "该时间段内没有此类操作，请减少筛选条件。",
  csv: "CSV",
  csvHint: "将筛选出的全部记录导出为文件",
  sealedAll: (rows) => `共 ${rows} 条，均已封存`,
  unsealed: (count, since) => `${count} 条尚未封存，最早的始于 ${since}`,
  checkpoint: (place, when) => `最近检查点：第 ${place} 位，${when}`,
  noCheckpoint: "尚无检查点",
  prunedTo: (place) => `第 ${place} 位及之前已清理`,
  notSealed: "尚未封存",
  number: (id) => `编号 ${id}`,
  acts: {
    sign_in: "登录",
    sign_out: "退出",
    search: "检索",
    export: "导出",
    look_at_snapshot: "查看图片",
    look_at_clip: "查看录像",
    look_at_latest: "查看最新画面",
    live_view_begun: "开始实时查看",
    live_view_ended: "结束实时查看",
    follow_begun: "开始接收事件",
    follow_ended: "停止接收事件",
    probe: "测试地址",
    unmasking_asked: "申请查看原始录像",
    unmasking_decided: "处理原始录像申请",
    look_at_original: "查看原始录像",
    add: "添加",
    change: "修改",
    remove: "删除",
    restore: "恢复",
    import: "批量导入",
    grant_asked: "申请授权",
    grant_approved: "批准授权",
    grant_refused: "拒绝授权",
    grant_revoked: "撤销授权",
    grant_expired: "授权到期",
    invite: "生成链接",
    password_chosen: "设置密码",
    session_ended: "结束登录",
    key_made: "生成密钥",
    key_revoked: "吊销密钥",
    refusal: "被拒绝访问",
    record_read: "查阅记录",
    record_pruned: "清理记录",
  },
  objects: {
    event: "事件",
    camera: "摄像机",
    stream: "码流",
    zone: "区域",
    line: "界线",
    rule: "规则",
    department: "单位",
    region: "区划",
    person: "人员",
    session: "登录",
    api_key: "密钥",
    grant: "授权",
    unmasking: "原始录像申请",
    import: "导入",
    record: "记录",
    worker: "分析进程",
    address: "地址",
    invitation: "链接",
    request: "请求",
    trial: "试运行",
    flow: "流量",
    overview: "总览",
  },
  details: {
    filters: "筛选条件",
    why: "告知内容",
    shown: "所见内容",
    ids: "所见内容",
    rights: "权限",
    changed: "修改内容",
    name: "名称",
    right: "权限",
    path: "地址",
    method: "方法",
  },
};
