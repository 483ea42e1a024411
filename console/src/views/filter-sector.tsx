import type { JSX } from "preact";
import { SECTORS } from "../api/departments";
import { text, word } from "../i18n";
import { useFilter } from "./filtering";

/** The kinds of departments whose cameras are looked at. */
export function SectorFilter(): JSX.Element {
  const { at, alter } = useFilter();
  const chosen = at.value.sectors;
  return (
    <fieldset class="field">
      <legend>{text.value.catalogue.sector}</legend>
      <div class="choice">
        {SECTORS.map((sector) => (
          <label key={sector} class="pick">
            <input
              type="checkbox"
              checked={chosen.includes(sector)}
              onChange={() => alter({ sectors: SECTORS.filter((one) => chosen.includes(one) !== (one === sector)) })}
            />
            <span>{word("sectors", sector)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
