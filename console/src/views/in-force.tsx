import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { text } from "../i18n";
import { go, NO_FILTERS } from "../route";
import { askForRegions } from "../state/names";
import type { InForce } from "./filter-words";
import { useFilter } from "./filtering";
import { Icon } from "./icons";

/** Filters in force as chips, each of which can be taken away. */
export function InForceChips({ filters }: { filters: readonly InForce[] }): JSX.Element {
  const { at, alter } = useFilter();
  const { region } = at.value;
  useEffect(() => askForRegions(region === null ? [] : [region]), [region]);
  return (
    <>
      {filters.map(({ key, words, without }) => (
        <button
          key={key}
          type="button"
          class="chip set"
          aria-label={text.value.removeFilter(words)}
          title={text.value.removeFilter(words)}
          onClick={() => alter(without)}
        >
          <span class="label">{words}</span>
          <Icon name="close" />
        </button>
      ))}
    </>
  );
}

export function ClearFilters(): JSX.Element {
  return (
    <button type="button" class="chip clear" onClick={() => go(NO_FILTERS)}>
      <Icon name="close" />
      {text.value.clearFilters}
    </button>
  );
}
