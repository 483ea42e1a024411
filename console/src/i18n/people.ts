/** Texts about people and the keys of programs. */
export interface PeopleTexts {
  note: (count: number, hasMore: boolean) => string;
  find: string;
  add: string;
  addTitle: string;
  changeTitle: (name: string) => string;
  name: string;
  login: string;
  loginHint: string;
  role: string;
  state: string;
  department: string;
  anyDepartment: string;
  anyState: string;
  ofCity: string;
  seen: string;
  never: string;
  you: string;
  save: string;
  change: string;
  none: string;
  noneHint: string;
  roleHints: Record<"viewer" | "operator" | "department_admin" | "city_admin" | "auditor", string>;
  ownRole: string;
  linkTitle: (name: string) => string;
  linkText: (name: string) => string;
  linkOnce: string;
  ends: (when: string) => string;
  copy: string;
  copied: string;
  done: string;
  newLink: string;
  newLinkTitle: (name: string) => string;
  newLinkText: string;
  makeLink: string;
  disable: string;
  disableTitle: (name: string) => string;
  disableText: string;
  enable: string;
  sessions: string;
  sessionsOf: (name: string) => string;
  more: string;
  conflictTitle: string;
  conflictText: string;

  keysNote: (count: number, hasMore: boolean) => string;
  makeKey: string;
  keyName: string;
  keyNameHint: string;
  key: string;
  madeBy: string;
  onServer: string;
  madeAt: string;
  expires: string;
  expiresHint: string;
  neverExpires: string;
  expired: string;
  revoked: string;
  showRevoked: string;
  revoke: string;
  revokeTitle: (name: string) => string;
  revokeText: string;
  keyTitle: (name: string) => string;
  keyText: string;
  noKeys: string;
  noKeysHint: string;
}

export const peopleEn: PeopleTexts = {
  note: (count, hasMore) => `${count.toLocaleString("en")}${hasMore ? " and more" : ""} ${count === 1 ? "person" : "people"}`,
  find: "Find by name or login",
  add: "Add person",
  addTitle: "Add a person",
  changeTitle: (name) => `Change ${name}`,
  name: "Name",
  login: "Login",
  loginHint: "2 to 64 letters, digits, dots, hyphens, underscores or @. It cannot be changed later.",
  role: "Role",
  state: "State",
  department: "Department",
  anyDepartment: "All departments",
  anyState: "All states",
  ofCity: "The whole city",
  seen: "Last seen",
  never: "never",
  you: "you",
  save: "Save",
  change: "Change",
  none: "Nobody matches",
  noneHint: "Search for less, or take a filter away.",
  roleHints: {
    viewer: "Looks at events and masked pictures of the own department and of what is shared with it.",
    operator: "Also takes lists of them along as files.",
    department_admin: "Also looks after the department's cameras, people, keys and what it shares.",
    city_admin: "Looks after everything: departments, regions, everybody's cameras, people and keys.",
    auditor: "Reads the record of who looked at what, and sees no pictures.",
  },
  ownRole: "Your own role, department and state are for another administrator to change.",
  linkTitle: (name) => `Link for ${name}`,
  linkText: (name) => `Give this link to ${name}, and to nobody else: whoever opens it first chooses the password.`,
  linkOnce: "It is shown this once, and works once.",
  ends: (when) => `It works until ${when}.`,
  copy: "Copy",
  copied: "Copied",
  done: "Done",
  newLink: "New link to choose a password",
  newLinkTitle: (name) => `Make a new link for ${name}?`,
  newLinkText: "Older links end. The password there is goes on working until another is chosen by the link.",
  makeLink: "Make link",
  disable: "Disable",
  disableTitle: (name) => `Disable ${name}?`,
  disableText: "All sessions end at once, and signing in is refused. It can be enabled again; what was done stays on record.",
  enable: "Enable",
  sessions: "Sessions",
  sessionsOf: (name) => `Sessions of ${name}`,
  more: "Show more",
  conflictTitle: "Somebody else has changed this account meanwhile",
  conflictText: "Nothing was overwritten. This was changed since you began:",

  keysNote: (count, hasMore) => `${count.toLocaleString("en")}${hasMore ? " and more" : ""} ${count === 1 ? "key" : "keys"}`,
  makeKey: "Make key",
  keyName: "Name",
  keyNameHint: "Which program has it, and where: “export to the data centre”.",
  key: "Key",
  madeBy: "Made by",
  onServer: "on the server",
  madeAt: "Made",
  expires: "Expires",
  expiresHint: "The last day on which it works; empty: it works until it is revoked.",
  neverExpires: "never",
  expired: "expired",
  revoked: "Revoked",
  showRevoked: "Revoked ones too",
  revoke: "Revoke",
  revokeTitle: (name) => `Revoke ${name}?`,
  revokeText: "The program that has it is refused from now on. A revoked key cannot be used again: make another.",
  keyTitle: (name) => `Key “${name}”`,
  keyText: "Put it where the program keeps its secrets. It is shown this once: nobody can show it again.",
  noKeys: "No keys",
  noKeysHint: "A program shows a key instead of signing in. Make one for each, so that each can be revoked.",
};

export const peopleZh: PeopleTexts = {
  note: (count, hasMore) => (hasMore ? `已显示 ${count} 人，还有更多` : `共 ${count} 人`),
  find: "按姓名或登录名查找",
  add: "添加人员",
  addTitle: "添加人员",
  changeTitle: (name) => `修改“${name}”`,
  name: "姓名",
  login: "登录名",
  loginHint: "2 至 64 个字母、数字、点、连字符、下划线或 @，创建后不能修改。",
  role: "角色",
  state: "状态",
  department: "单位",
  anyDepartment: "全部单位",
  anyState: "全部状态",
  ofCity: "全市",
  seen: "最近活动",
  never: "从未",
  you: "本人",
  save: "保存",
  change: "修改",
  none: "没有符合条件的人员",
  noneHint: "请换个关键词，或减少筛选条件。",
  roleHints: {
    viewer: "查看本单位及共享给本单位的事件和打码画面。",
    operator: "另可将清单导出为文件。",
    department_admin: "另可管理本单位的摄像机、人员、密钥和共享。",
    city_admin: "管理全部内容：单位、区划，以及所有摄像机、人员和密钥。",
    auditor: "查阅谁看过什么的记录，不能查看画面。",
  },
  ownRole: "本人的角色、单位和状态须由其他管理员修改。",
  linkTitle: (name) => `${name} 的链接`,
  linkText: (name) => `请将此链接只交给${name}本人：最先打开的人即可设置密码。`,
  linkOnce: "链接仅显示这一次，且只能使用一次。",
  ends: (when) => `有效期至 ${when}。`,
  copy: "复制",
  copied: "已复制",
  done: "完成",
  newLink: "生成新的密码设置链接",
  newLinkTitle: (name) => `为“${name}”生成新链接？`,
  newLinkText: "旧链接随即失效。在通过新链接设置密码之前，现有密码仍可使用。",
  makeLink: "生成链接",
  disable: "停用",
  disableTitle: (name) => `停用“${name}”？`,
  disableText: "其全部登录立即结束，且无法再登录。之后可重新启用，已有记录保留。",
  enable: "启用",
  sessions: "登录情况",
  sessionsOf: (name) => `${name} 的登录情况`,
  more: "显示更多",
  conflictTitle: "他人已先行修改此账号",
  conflictText: "没有内容被覆盖。您开始编辑后，以下内容已变更：",

  keysNote: (count, hasMore) => (hasMore ? `已显示 ${count} 个密钥，还有更多` : `共 ${count} 个密钥`),
  makeKey: "生成密钥",
  keyName: "名称",
  keyNameHint: "说明由哪个程序使用、用在何处，例如“数据中心导出”。",
  key: "密钥",
  madeBy: "创建人",
  onServer: "服务器命令",
  madeAt: "创建时间",
  expires: "有效期",
  expiresHint: "可使用的最后一天；留空则在吊销前一直有效。",
  neverExpires: "长期",
  expired: "已过期",
  revoked: "已吊销",
  showRevoked: "包括已吊销",
  revoke: "吊销",
  revokeTitle: (name) => `吊销“${name}”？`,
  revokeText: "使用该密钥的程序将立即被拒绝。吊销后不能恢复，只能重新生成。",
  keyTitle: (name) => `密钥“${name}”`,
  keyText: "请存入程序保管密钥的地方。密钥仅显示这一次，之后任何人都无法再查看。",
  noKeys: "没有密钥",
  noKeysHint: "程序凭密钥访问，无需登录。请为每个程序单独生成，以便分别吊销。",
};
