/** Texts about departments and regions. */
export interface OwnersTexts {
  departmentsNote: (count: number) => string;
  addDepartment: string;
  changeDepartment: (name: string) => string;
  noDepartments: string;
  noDepartmentsHint: string;
  find: string;
  name: string;
  kind: string;
  parent: string;
  noParent: string;
  contact: string;
  industry2016: string;
  industry2022: string;
  industryHint: string;
  originals: string;
  ownSeeOriginals: string;
  ownSeeOriginalsHint: string;
  secondPerson: string;
  secondPersonHint: string;
  ownToChange: string;
  cameras: string;
  change: string;
  removeTitle: (name: string) => string;
  removeDepartmentText: string;
  removeRegionText: string;
  save: string;
  regionsNote: (count: number) => string;
  addRegion: string;
  addBelow: string;
  changeRegion: (name: string) => string;
  noRegions: string;
  noRegionsHint: string;
  noRegionFound: string;
  code: string;
  codeHint: string;
  parentHint: string;
  unfold: string;
  fold: string;
  nothingBelow: string;
  conflict: string;
}

export const ownersEn: OwnersTexts = {
  departmentsNote: (count) => (count === 1 ? "1 department" : `${count.toLocaleString("en")} departments`),
  addDepartment: "Add department",
  changeDepartment: (name) => `Change ${name}`,
  noDepartments: "No department matches",
  noDepartmentsHint: "Search for less.",
  find: "Find by name",
  name: "Name",
  kind: "Sector",
  parent: "Belongs to",
  noParent: "nobody: it stands at the top",
  contact: "Contact",
  industry2016: "Industry code, edition of 2016",
  industry2022: "Industry code, edition of 2022",
  industryHint: "Digits 9 and 10 of its cameras' GB/T 28181 codes.",
  originals: "Originals",
  ownSeeOriginals: "Its own people may see originals",
  ownSeeOriginalsHint:
    "Operators and administrators may see clips of its cameras without masks, each time with a reason. Everybody else needs a grant for it.",
  secondPerson: "A second person must agree",
  secondPersonHint: "Each original is shown only once somebody else has agreed: an administrator, or who may see originals too.",
  ownToChange: "The rest is the city's to change.",
  cameras: "Its cameras",
  change: "Change",
  removeTitle: (name) => `Remove ${name}?`,
  removeDepartmentText: "A department that has or had cameras, or has others below it, cannot be removed.",
  removeRegionText: "A region that has cameras, or others below it, cannot be removed.",
  save: "Save",
  regionsNote: (count) => (count === 1 ? "1 region" : `${count.toLocaleString("en")} regions`),
  addRegion: "Add region",
  addBelow: "Add one below",
  changeRegion: (name) => `Change ${name}`,
  noRegions: "No regions yet",
  noRegionsHint: "Add the city's administrative areas by their codes: province, city, districts, streets.",
  noRegionFound: "No region matches",
  code: "Code",
  codeHint: "2, 4, 6, 8, 9 or 12 digits.",
  parentHint: "The code of the region above it; empty at the top.",
  unfold: "Show what is below",
  fold: "Hide what is below",
  nothingBelow: "Nothing is below it.",
  conflict: "Somebody else has changed it meanwhile: close this, and look again.",
};

export const ownersZh: OwnersTexts = {
  departmentsNote: (count) => `共 ${count} 个单位`,
  addDepartment: "添加单位",
  changeDepartment: (name) => `修改“${name}”`,
  noDepartments: "没有符合条件的单位",
  noDepartmentsHint: "请换个关键词。",
  find: "按名称查找",
  name: "名称",
  kind: "行业",
  parent: "上级单位",
  noParent: "无（顶级单位）",
  contact: "联系方式",
  industry2016: "行业编码（2016 版）",
  industry2022: "行业编码（2022 版）",
  industryHint: "即该单位摄像机国标编码的第 9、10 位。",
  originals: "原始录像",
  ownSeeOriginals: "本单位人员可查看原始录像",
  ownSeeOriginalsHint: "操作员和管理员可查看本单位摄像机未打码的录像，每次须说明理由。其他人须另获授权。",
  secondPerson: "须经第二人同意",
  secondPersonHint: "每次查看原始录像前，须由另一人同意：管理员，或其他有权查看原始录像的人。",
  ownToChange: "其余内容由全市管理员修改。",
  cameras: "所属摄像机",
  change: "修改",
  removeTitle: (name) => `删除“${name}”？`,
  removeDepartmentText: "有（或曾有）摄像机、或有下级单位的单位不能删除。",
  removeRegionText: "有摄像机或下级区划的区划不能删除。",
  save: "保存",
  regionsNote: (count) => `共 ${count} 个区划`,
  addRegion: "添加区划",
  addBelow: "添加下级区划",
  changeRegion: (name) => `修改“${name}”`,
  noRegions: "还没有行政区划",
  noRegionsHint: "请按代码添加本市的省、市、区县、街道。",
  noRegionFound: "没有符合条件的区划",
  code: "代码",
  codeHint: "2、4、6、8、9 或 12 位数字。",
  parentHint: "上级区划的代码，顶级留空。",
  unfold: "展开下级",
  fold: "收起下级",
  nothingBelow: "没有下级区划。",
  conflict: "他人已先行修改，请关闭后重新查看。",
};
