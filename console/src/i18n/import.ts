import type { ImportState, Verdict } from "../api/imports";

/** Texts about importing cameras from a file. */
export interface ImportTexts {
  title: string;
  about: string;
  drop: string;
  choose: string;
  kinds: string;
  badKind: string;
  department: string;
  ignored: string;
  sending: (file: string) => string;
  earlier: string;
  file: string;
  when: string;
  state: string;
  rehearsal: string;
  real: string;
  rehearsed: string;
  rehearsedHint: string;
  imported: string;
  states: Record<ImportState, string>;
  verdicts: Record<Verdict, string>;
  all: string;
  rows: (done: number, total: number | null) => string;
  go: (count: number) => string;
  nothingToDo: string;
  fileGone: string;
  cancel: string;
  cancelled: string;
  report: string;
  row: string;
  verdict: string;
  what: string;
  noRows: string;
  found: string;
  expected: string;
  empty: string;
  secret: string;
  back: string;
}

export const importEn: ImportTexts = {
  title: "Import cameras",
  about: "From a list that a department keeps",
  drop: "Drop a file here",
  choose: "Choose a file",
  kinds: "CSV, XLSX, JSON or NDJSON. It is rehearsed first: nothing changes until you say so.",
  department: "Rows without a department belong to",
  ignored: "Columns that were not understood, and are left out",
  badKind: "Files end in .csv, .xlsx, .json or .ndjson.",
  sending: (file) => `Sending ${file}…`,
  earlier: "Earlier imports",
  file: "File",
  when: "When",
  state: "State",
  rehearsal: "Rehearsal",
  real: "Import",
  rehearsed: "This was a rehearsal",
  rehearsedHint: "Nothing was changed yet. Below stands what would become of each row.",
  imported: "Imported",
  states: {
    waiting: "Waiting",
    running: "Running",
    finished: "Finished",
    cancelled: "Cancelled",
    failed: "Failed",
    interrupted: "Interrupted",
  },
  verdicts: { created: "New", changed: "Changed", unchanged: "Unchanged", refused: "Refused" },
  all: "All",
  rows: (done, total) =>
    total === null ? `${done.toLocaleString("en")} rows` : `${done.toLocaleString("en")} of ${total.toLocaleString("en")} rows`,
  go: (count) => (count === 1 ? "Import 1 row" : `Import ${count.toLocaleString("en")} rows`),
  nothingToDo: "There is nothing to import: every row is unchanged or refused.",
  fileGone: "To import it, choose the same file again: this page no longer has it.",
  cancel: "Cancel",
  cancelled: "What was done until then stays. Importing the same file again does the rest.",
  report: "Report",
  row: "Row",
  verdict: "Verdict",
  what: "What",
  noRows: "No such row.",
  found: "found",
  expected: "expected",
  empty: "empty",
  secret: "changed",
  back: "All imports",
};

export const importZh: ImportTexts = {
  title: "批量导入摄像机",
  about: "导入各单位自有的摄像机清单",
  drop: "将文件拖放到此处",
  choose: "选择文件",
  kinds: "支持 CSV、XLSX、JSON、NDJSON。先试运行，确认后才会写入。",
  department: "未写单位的行归入",
  ignored: "以下列未能识别，已忽略",
  badKind: "文件扩展名应为 .csv、.xlsx、.json 或 .ndjson。",
  sending: (file) => `正在上传 ${file}…`,
  earlier: "导入记录",
  file: "文件",
  when: "时间",
  state: "状态",
  rehearsal: "试运行",
  real: "导入",
  rehearsed: "这是试运行",
  rehearsedHint: "尚未写入任何内容。下表为各行的预计结果。",
  imported: "已导入",
  states: {
    waiting: "排队中",
    running: "进行中",
    finished: "已完成",
    cancelled: "已取消",
    failed: "失败",
    interrupted: "已中断",
  },
  verdicts: { created: "新增", changed: "有变更", unchanged: "无变化", refused: "被拒绝" },
  all: "全部",
  rows: (done, total) => (total === null ? `${done} 行` : `${done} / ${total} 行`),
  go: (count) => `导入 ${count} 行`,
  nothingToDo: "没有可导入的内容：各行均无变化或被拒绝。",
  fileGone: "如需导入，请重新选择同一文件（本页已不再持有该文件）。",
  cancel: "取消",
  cancelled: "取消前已写入的内容保留；再次导入同一文件即可完成其余部分。",
  report: "下载报告",
  row: "行",
  verdict: "结果",
  what: "说明",
  noRows: "没有此类行。",
  found: "实际",
  expected: "应为",
  empty: "空",
  secret: "已变更",
  back: "全部导入",
};
