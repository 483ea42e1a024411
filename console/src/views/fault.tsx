import type { ComponentChildren, JSX } from "preact";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Fault, Problem } from "../api/problem";

/** What the server found wrong, by the fields of the form. */
const Faults = createContext<FaultList>([]);

export type FaultList = readonly Fault[];

const isAbout = (fault: Fault, field: string): boolean =>
  fault.field === field || fault.field.startsWith(`${field}[`) || fault.field.startsWith(`${field}.`);

/** The faults of a problem, by a form's own names: `rule.labels` of a trial is `labels`, and a taken name is `name`. */
export function faultsOf(problem: Problem | null): readonly Fault[] {
  if (problem === null) return [];
  if (problem.code === "conflict") return [{ field: "name", detail: problem.detail }];
  return problem.faults.map(({ field, detail }) => ({ field: field.replace(/^rule\./, ""), detail }));
}

/** Whether each fault is about one of these fields, so that it stands beside it. */
export const areBeside = (faults: readonly Fault[], fields: readonly string[]): boolean =>
  faults.length > 0 && faults.every((fault) => fields.some((field) => isAbout(fault, field)));

export function FaultsOfForm({ faults, children }: { faults: readonly Fault[]; children: ComponentChildren }): JSX.Element {
  return <Faults.Provider value={faults}>{children}</Faults.Provider>;
}

/** What is wrong with `field`, as the server says it. */
export function FaultOf({ field }: { field: string }): JSX.Element | null {
  const found = useContext(Faults).filter((fault) => isAbout(fault, field));
  if (found.length === 0) return null;
  return (
    <span class="fault" role="alert" lang="en">
      {found.map((fault) => fault.detail).join("; ")}
    </span>
  );
}
