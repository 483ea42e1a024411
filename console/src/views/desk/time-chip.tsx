import type { JSX } from "preact";
import { setQuery } from "../../desk";
import { LENGTHS } from "../../event-filter";
import { text } from "../../i18n";
import { fieldOf, instantOf } from "../../local-time";
import { Popover } from "../popover";

interface TimeChipProps {
  /** Instants; null: open at that end. */
  from: string | null;
  to: string | null;
  /** What it is called while no time is chosen. */
  name: string;
}

/** From when until when, as the open page's link says it. */
export function TimeChip({ from, to, name }: TimeChipProps): JSX.Element {
  const texts = text.value;
  const ago = (last: keyof typeof LENGTHS) => new Date(Math.floor((Date.now() - LENGTHS[last]) / 60_000) * 60_000).toISOString();
  const label = from || to ? `${fieldOf(from).replace("T", " ") || "…"} – ${fieldOf(to).replace("T", " ") || "…"}` : name;
  const lasts: [keyof typeof LENGTHS, string][] = [
    ["hour", texts.lastHour],
    ["day", texts.lastDay],
    ["week", texts.lastWeek],
  ];
  return (
    <Popover label={label} isSet={from !== null || to !== null}>
      <div class="choice">
        {lasts.map(([last, words]) => (
          <button key={last} type="button" class="chip" onClick={() => setQuery({ from: ago(last), to: null })}>
            {words}
          </button>
        ))}
        <button type="button" class="chip" onClick={() => setQuery({ from: null, to: null })}>
          {texts.any}
        </button>
      </div>
      {(["from", "to"] as const).map((end) => (
        <label key={end} class="field">
          <span>{texts[end]}</span>
          <input
            type="datetime-local"
            value={fieldOf(end === "from" ? from : to)}
            onChange={(event) => setQuery({ [end]: instantOf(event.currentTarget.value) })}
          />
        </label>
      ))}
    </Popover>
  );
}
