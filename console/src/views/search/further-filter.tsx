import type { JSX } from "preact";
import { text } from "../../i18n";
import { go, route } from "../../route";
import { DurationFilter } from "../filter-duration";
import { ScoreFilter } from "../filter-score";

/** Score, duration, and what was going on already. */
export function FurtherFilter(): JSX.Element {
  const texts = text.value;
  const { overlap } = route.value;
  return (
    <>
      <fieldset class="field">
        <legend>{texts.score}</legend>
        <ScoreFilter />
      </fieldset>
      <DurationFilter />
      <label class="switch">
        <input type="checkbox" checked={overlap} onChange={() => go({ overlap: !overlap })} />
        {texts.search.overlap}
      </label>
      <small>{texts.search.overlapHint}</small>
    </>
  );
}
