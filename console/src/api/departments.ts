import { get, ifStill, remove, send } from "./client";
import type { Named, Page } from "./types";

export const SECTORS = [
  "education",
  "urban_management",
  "water",
  "health",
  "scenic_area",
  "rail_transit",
  "bridges_and_tunnels",
  "venue",
  "community",
  "social_unit",
  "other",
] as const;
export type Sector = (typeof SECTORS)[number];

/** An owner of cameras. */
export interface Department {
  id: number;
  name: string;
  kind: Sector;
  parent: Named | null;
  contact: string;
  /** Digits 9 and 10 of a GB/T 28181 code, by the standard's edition. */
  gb_industry: { "2016": string | null; "2022": string | null };
  /** Whether its operators and admins may see originals of its own cameras. */
  own_see_originals: boolean;
  /** Whether each original asks for a second person's agreement. */
  second_person: boolean;
  revision: number;
}

export interface DepartmentFields {
  name: string;
  kind: Sector;
  parent: number | null;
  contact: string;
  gb_industry: Department["gb_industry"];
  own_see_originals: boolean;
  second_person: boolean;
}

export const listDepartments = (signal: AbortSignal | null = null): Promise<Page<Department>> =>
  get("/departments", {}, signal);
export const addDepartment = (fields: Omit<DepartmentFields, "own_see_originals" | "second_person">): Promise<Department> => send("POST", "/departments", fields);
export const changeDepartment = (
  { id, revision }: Department,
  fields: Partial<DepartmentFields>,
): Promise<Department> => send("PATCH", `/departments/${id}`, fields, null, ifStill(revision));
export const removeDepartment = ({ id, revision }: Department): Promise<void> =>
  remove(`/departments/${id}`, ifStill(revision));
