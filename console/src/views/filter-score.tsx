import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { text } from "../i18n";
import { useFilter } from "./filtering";

const STEP = 0.05;

/** The lowest score: searched by once the knob is let go. */
export function ScoreFilter(): JSX.Element {
  const { at, alter } = useFilter();
  const [moved, setMoved] = useState<number | null>(null);
  const score = moved ?? at.value.minScore ?? 0;
  return (
    <label class="range">
      <output>{score === 0 ? text.value.anyScore : text.value.atLeast(score.toFixed(2))}</output>
      <input
        type="range"
        min={0}
        max={0.95}
        step={STEP}
        value={score}
        aria-label={text.value.score}
        onInput={(event) => setMoved(Number(event.currentTarget.value))}
        onChange={(event) => {
          setMoved(null);
          alter({ minScore: Number(event.currentTarget.value) || null });
        }}
      />
    </label>
  );
}
