import type { JSX } from "preact";
import { text } from "../i18n";
import { useFilter } from "./filtering";

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

/** How long it lasted. */
export function DurationFilter(): JSX.Element {
  const { at, alter } = useFilter();
  const texts = text.value.search;
  const { minDurationS, maxDurationS } = at.value;
  return (
    <fieldset class="field">
      <legend>{texts.duration}</legend>
      <div class="between">
        <Seconds
          label={texts.shortest}
          value={minDurationS}
          onChange={(seconds) => alter({ minDurationS: seconds })}
        />
        <Seconds
          label={texts.longest}
          value={maxDurationS}
          onChange={(seconds) => alter({ maxDurationS: seconds })}
        />
      </div>
    </fieldset>
  );
}
