import { signal } from "@preact/signals";
import { listRows, startImport, type Import, type RowVerdict } from "../api/imports";
import { deskLink } from "../desk";
import { goTo } from "../route";

/** The file that was rehearsed last, by the number of its rehearsal: kept by the page, so that it can be imported. */
export const rehearsed = signal<{ id: number; file: File; department: number | null } | null>(null);

/** Send a file, and show how it goes. */
export async function send(file: File, isRehearsal: boolean, department: number | null): Promise<void> {
  const begun = await startImport(file, isRehearsal, department);
  rehearsed.value = isRehearsal ? { id: begun.id, file, department } : null;
  goTo(deskLink("import", begun.id));
}

export const isOver = ({ state }: Import): boolean => state !== "waiting" && state !== "running";

/** A cell of a CSV file. A spreadsheet takes some beginnings for a formula: an apostrophe keeps them text. */
function cell(value: string | number | null): string {
  const text = String(value ?? "");
  const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function linesOf({ row, verdict, camera, name, changes, refusals }: RowVerdict): string[] {
  const line = (...cells: (string | number | null)[]) => [row, verdict, camera, name, ...cells].map(cell).join(",");
  if (refusals.length > 0) return refusals.map((one) => line(one.column, one.found, one.expected, one.hint));
  if (changes.length > 0) return changes.map((one) => line(one.field, one.old, one.new, null));
  return [line(null, null, null, null)];
}

/** All verdicts as a CSV file, with what a spreadsheet needs to take it as UTF-8. */
export async function report(id: number, signal: AbortSignal): Promise<Blob> {
  const lines = ["row,verdict,camera,name,column,found or old,expected or new,hint"];
  let next: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listRows>> = await listRows(id, null, next, signal, 500);
    lines.push(...page.items.flatMap(linesOf));
    next = page.next;
  } while (next !== null);
  return new Blob([`\uFEFF${lines.join("\r\n")}\r\n`], { type: "text/csv" });
}
