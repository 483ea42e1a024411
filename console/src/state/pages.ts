import type { May } from "../api/session";
import { PAGES, type Desk, type PageName } from "../desk";
import { mayChangeAlerts, mayReadAlerts } from "./alerts";
import { mayReadKeeping } from "./keeping";
import { may } from "./session";

/** What one must be allowed for a page; every other page is for everybody. */
const NEEDS: Partial<Record<PageName, keyof May>> = {
  import: "cameras",
  audit: "record",
  people: "people",
  keys: "people",
};

/** Whether a page is for who is signed in. */
export function mayOpen({ page, id }: Pick<Desk, "page" | "id">): boolean {
  if (page === "alerts") return id === "new" ? mayChangeAlerts.value : mayReadAlerts.value;
  if (page === "keeping") return mayReadKeeping.value;
  const need = page === "catalogue" && id === "new" ? "cameras" : NEEDS[page];
  return need === undefined || may.value[need];
}

/** The pages to go to; the account stands in a menu of its own. */
export const shownPages = (): PageName[] => PAGES.filter((page) => page !== "account" && mayOpen({ page, id: null }));
