import type { JSX } from "preact";
import type { Problem } from "../api/problem";
import { joined, text } from "../i18n";
import type { AskedField } from "../i18n/search";
import { ProblemNote } from "./problem-note";

/** A problem of a search: which of the filters it is about, in the page's own words. */
export function SearchProblem({ problem, retry }: { problem: Problem; retry?: () => void }): JSX.Element {
  const names = text.value.search.fields;
  const isKnown = (field: string): field is AskedField => field in names;
  const fields = problem.faults.map(({ field }) => field.split(/[.[]/)[0] ?? "").filter(isKnown);
  const about = joined([...new Set(fields.map((field) => names[field]))]);
  return <ProblemNote problem={problem} {...(about && { about })} {...(retry && { retry })} />;
}
