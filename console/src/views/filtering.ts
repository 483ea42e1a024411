import type { ReadonlySignal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { EventFilter } from "../event-filter";
import { go, route } from "../route";

/** A filter, and how it is changed. */
export interface Filtering {
  at: ReadonlySignal<EventFilter>;
  alter: (change: Partial<EventFilter>) => void;
}

/** The filter that its parts show and change: the one in the address, unless a form has one of its own. */
export const FilterInHand = createContext<Filtering>({ at: route, alter: go });

export const useFilter = (): Filtering => useContext(FilterInHand);
