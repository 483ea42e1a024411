import { effect, signal } from "@preact/signals";
import { asProblem } from "../api/client";
import { listDepartments, type Department } from "../api/departments";
import type { Problem } from "../api/problem";
import { readRegion, type RegionName } from "../api/regions";
import { entries } from "./session";

/** All departments, by name; null until they were read. */
export const departments = signal<Department[] | null>(null);
export const departmentsProblem = signal<Problem | null>(null);

export async function refreshDepartments(): Promise<void> {
  try {
    departments.value = (await listDepartments()).items;
    departmentsProblem.value = null;
  } catch (error) {
    departmentsProblem.value = asProblem(error);
  }
}

/** Read the departments, and again whenever somebody has signed in: they may have failed to come meanwhile. */
export function startNames(): void {
  effect(() => {
    entries.value;
    void refreshDepartments();
  });
}

/** Names of regions met so far, for filters that know only a code. */
export const regionNames = signal<ReadonlyMap<string, string>>(new Map());
const asked = new Set<string>();

export function learnRegions(met: readonly RegionName[]): void {
  const known = regionNames.peek();
  const fresh = met.filter(({ code, name }) => known.get(code) !== name);
  if (fresh.length > 0) regionNames.value = new Map([...known, ...fresh.map(({ code, name }) => [code, name] as const)]);
}

/** Ask for the names of regions that the page has not met, each once. One that is gone keeps its code as its name. */
export function askForRegions(codes: readonly string[]): void {
  for (const code of codes) {
    if (regionNames.peek().has(code) || asked.has(code)) continue;
    asked.add(code);
    readRegion(code).then(
      (region) => learnRegions([region, ...(region.parent ? [region.parent] : [])]),
      (error) => asProblem(error),
    );
  }
}
