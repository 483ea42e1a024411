import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { text } from "../../i18n";

/** So many values are shown at first; those that are chosen always are. */
const FIRST = 6;
const MOST = 200;

export interface Option<V> {
  value: V;
  /** How many events there are; null: it was not counted. */
  count: number | null;
}

interface Counted<V> {
  counts: readonly { value: V; count: number }[];
  at_least: boolean;
}

/** What can be chosen: what is chosen first, then by frequency; of what was not counted, what is `known`. */
export function optionsOf<V>(facet: Counted<V> | null, chosen: readonly V[], known: readonly V[]): Option<V>[] {
  const counts = new Map(facet?.counts.map(({ value, count }) => [value, count]));
  const rest = facet === null || facet.at_least ? known : [];
  const values = new Set([...chosen, ...counts.keys(), ...rest]);
  return [...values].map((value) => ({ value, count: counts.get(value) ?? null }));
}

interface FacetProps<V> {
  legend: string;
  name: string;
  options: readonly Option<V>[];
  /** Whether it was counted at all: else that there is nothing would be no more than a guess. */
  isCounted: boolean;
  atLeast: boolean;
  chosen: readonly V[];
  words: (value: V) => ComponentChildren;
  onToggle: (value: V) => void;
  children?: ComponentChildren;
}

/** One thing to filter by: its values with their counts, each of which a press chooses or lets go. */
export function Facet<V extends string | number>(props: FacetProps<V>): JSX.Element {
  const { legend, name, options, isCounted, atLeast, chosen, words, onToggle, children } = props;
  const texts = text.value.search;
  const [isWhole, setWhole] = useState(false);
  const first = Math.max(FIRST, chosen.length);
  const shown = options.slice(0, isWhole ? MOST : first);
  const left = Math.min(options.length, MOST) - first;
  const most = Math.max(1, ...options.map(({ count }) => count ?? 0));
  const told = (count: number) => (atLeast ? texts.atLeast(count.toLocaleString()) : count.toLocaleString());
  return (
    <fieldset class="facet" data-facet={name}>
      <legend>{legend}</legend>
      {shown.map(({ value, count }) => (
        <button
          key={value}
          type="button"
          class="value"
          data-value={value}
          aria-pressed={chosen.includes(value)}
          onClick={() => onToggle(value)}
        >
          {count !== null && <span class="portion" style={{ width: `${(100 * count) / most}%` }} />}
          <span class="label">{words(value)}</span>
          {count !== null && <span class="tally">{told(count)}</span>}
        </button>
      ))}
      {isCounted && options.length === 0 && <p class="none">{texts.noValues}</p>}
      {left > 0 && (
        <button type="button" class="bare more-values" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? texts.fewer : texts.more(left)}
        </button>
      )}
      {children}
    </fieldset>
  );
}
