/** Texts about signing in and about one's own account. */
export interface AccessTexts {
  signIn: string;
  signInAgain: string;
  signInAgainText: string;
  login: string;
  password: string;
  showPassword: string;
  askAdmin: string;
  waitSeconds: (seconds: number) => string;
  asking: string;

  menu: (name: string) => string;
  ofCity: string;
  account: string;
  signOut: string;
  notForYou: string;
  notForYouHint: (role: string) => string;

  welcomeFirst: string;
  welcomeFirstText: string;
  welcome: (name: string) => string;
  welcomeText: string;
  noToken: string;
  noTokenHint: string;
  linkGone: string;
  goneHint: string;
  toSignIn: string;
  linkEnds: (when: string) => string;
  loginHint: string;
  yourName: string;
  yourNameHint: string;
  passwordRules: string;
  again: string;
  tooShort: (count: number) => string;
  notTheSame: string;
  accept: string;

  accountNote: string;
  role: string;
  department: string;
  sessionEnds: string;
  changePassword: string;
  currentPassword: string;
  newPassword: string;
  passwordChanged: string;
  sessions: string;
  sessionsAbout: string;
  thisOne: string;
  address: string;
  since: string;
  lastSeen: string;
  end: string;
  endOthers: string;
  endAll: string;
  noSessions: string;
  unknownBrowser: string;
}

export const accessEn: AccessTexts = {
  signIn: "Sign in",
  signInAgain: "Sign in again",
  signInAgainText: "Your session has ended. What you were doing stays as it is.",
  login: "Login",
  password: "Password",
  showPassword: "Show",
  askAdmin: "No account, or the password is forgotten? An administrator of your department can make you a link.",
  waitSeconds: (seconds) => `Too many attempts. Try again in ${seconds} s.`,
  asking: "Asking the server…",

  menu: (name) => `Account of ${name}`,
  ofCity: "The whole city",
  account: "Account",
  signOut: "Sign out",
  notForYou: "This page is not for your role",
  notForYouHint: (role) => `You are signed in as: ${role}. An administrator can change that.`,

  welcomeFirst: "Set up Sharp Eyes",
  welcomeFirstText: "Make the first account. It looks after the whole city: departments, people and their rights.",
  welcome: (name) => `Welcome, ${name}`,
  welcomeText: "Choose a password. The link works once.",
  noToken: "The link is incomplete",
  noTokenHint: "Open it again from where you got it. It is kept out of the address, so reloading the page loses it.",
  linkGone: "The link does not work any more",
  goneHint: "It has been used, is too old, or a newer one was made. Ask whoever sent it for another.",
  toSignIn: "To the sign-in page",
  linkEnds: (when) => `The link works until ${when}.`,
  loginHint: "2 to 64 letters, digits, dots, hyphens, underscores or @: what you sign in with.",
  yourName: "Your name",
  yourNameHint: "As others will read it.",
  passwordRules:
    "15 characters or more. Any characters, blanks and Chinese too: four or five words that do not belong together are good. It never expires.",
  again: "Password again",
  tooShort: (count) => (count === 1 ? "1 character is missing" : `${count} characters are missing`),
  notTheSame: "The two are not the same",
  accept: "Set password and go on",

  accountNote: "What an administrator has set, and what is yours to change",
  role: "Role",
  department: "Department",
  sessionEnds: "This session ends",
  changePassword: "Change password",
  currentPassword: "Current password",
  newPassword: "New password",
  passwordChanged: "The password is changed. Your other sessions have ended.",
  sessions: "Sessions",
  sessionsAbout: "Where you are signed in. End what you do not know, then change the password.",
  thisOne: "this one",
  address: "From",
  since: "Since",
  lastSeen: "Last seen",
  end: "End",
  endOthers: "End all others",
  endAll: "End all",
  noSessions: "Not signed in anywhere.",
  unknownBrowser: "Another program",
};

export const accessZh: AccessTexts = {
  signIn: "登录",
  signInAgain: "请重新登录",
  signInAgainText: "登录已失效。您正在进行的工作会保持原样。",
  login: "登录名",
  password: "密码",
  showPassword: "显示",
  askAdmin: "没有账号或忘记密码？请联系本单位管理员获取链接。",
  waitSeconds: (seconds) => `尝试次数过多，请 ${seconds} 秒后重试。`,
  asking: "正在连接服务器…",

  menu: (name) => `${name} 的账号`,
  ofCity: "全市",
  account: "账号",
  signOut: "退出登录",
  notForYou: "您的角色无权使用此页面",
  notForYouHint: (role) => `您当前的角色是${role}。如需调整，请联系管理员。`,

  welcomeFirst: "初始设置",
  welcomeFirstText: "请创建第一个账号，用于管理全市的单位、人员及其权限。",
  welcome: (name) => `您好，${name}`,
  welcomeText: "请设置密码。此链接只能使用一次。",
  noToken: "链接不完整",
  noTokenHint: "请从原处重新打开链接。链接中的密钥不会留在地址栏，刷新页面后即丢失。",
  linkGone: "链接已失效",
  goneHint: "它可能已被使用、已过期或已被新链接取代，请向发送者重新索取。",
  toSignIn: "前往登录",
  linkEnds: (when) => `链接有效期至 ${when}。`,
  loginHint: "登录时使用，2 至 64 个字母、数字、点、连字符、下划线或 @。",
  yourName: "姓名",
  yourNameHint: "其他人看到的名称。",
  passwordRules: "至少 15 个字符，可使用任意字符，包括空格和汉字；建议用几个互不相关的词组成。密码不会过期。",
  again: "再次输入密码",
  tooShort: (count) => `还差 ${count} 个字符`,
  notTheSame: "两次输入不一致",
  accept: "设置密码并进入",

  accountNote: "管理员设定的信息，以及您可自行修改的内容",
  role: "角色",
  department: "单位",
  sessionEnds: "本次登录有效期至",
  changePassword: "修改密码",
  currentPassword: "当前密码",
  newPassword: "新密码",
  passwordChanged: "密码已修改，其他登录均已结束。",
  sessions: "登录情况",
  sessionsAbout: "您在以下位置登录。如有不认识的，请先结束，再修改密码。",
  thisOne: "当前",
  address: "来源地址",
  since: "登录时间",
  lastSeen: "最近活动",
  end: "结束",
  endOthers: "结束其他全部登录",
  endAll: "结束全部登录",
  noSessions: "当前没有登录。",
  unknownBrowser: "其他程序",
};
