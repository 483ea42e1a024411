import type { JSX } from "preact";
import { text } from "../../i18n";
import { go, route } from "../../route";
import { ScoreFilter } from "../filter-score";

interface SecondsProps {
  label: string;
  value: number | null;
  onChange: (seconds: number | null) => void;
}

function Seconds({ label, value, onChange }: SecondsProps): JSX.Element {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="number"
        min={0}
        step={1}
        inputMode="numeric"
        value={value ?? ""}
        onChange={(event) => onChange(Number(event.currentTarget.value) || null)}
      />
    </label>
  );
}

/** Score, duration, and what was going on already. */
export function FurtherFilter(): JSX.Element {
  const texts = text.value;
  const { minDurationS, maxDurationS, overlap } = route.value;
  return (
    <>
      <fieldset class="field">
        <legend>{texts.score}</legend>
        <ScoreFilter />
      </fieldset>
      <fieldset class="field">
        <legend>{texts.search.duration}</legend>
        <div class="between">
          <Seconds
            label={texts.search.shortest}
            value={minDurationS}
            onChange={(seconds) => go({ minDurationS: seconds })}
          />
          <Seconds
            label={texts.search.longest}
            value={maxDurationS}
            onChange={(seconds) => go({ maxDurationS: seconds })}
          />
        </div>
      </fieldset>
      <label class="switch">
        <input type="checkbox" checked={overlap} onChange={() => go({ overlap: !overlap })} />
        {texts.search.overlap}
      </label>
      <small>{texts.search.overlapHint}</small>
    </>
  );
}
