import type { JSX } from "preact";
import { LASTS, type Last } from "../event-filter";
import { text } from "../i18n";
import { fieldOf, instantOf } from "../local-time";
import { go, route } from "../route";
import { lastText } from "./filter-words";

export function TimeFilter(): JSX.Element {
  const { last, from, to } = route.value;
  const texts = text.value;
  const choices: [Last | null, string][] = [
    [null, texts.any],
    ...LASTS.map((one): [Last, string] => [one, lastText(one)]),
  ];
  return (
    <>
      <fieldset class="checks">
        <legend class="unseen">{texts.time}</legend>
        {choices.map(([choice, words]) => (
          <label key={words}>
            <input
              type="radio"
              name="last"
              checked={last === choice && (choice !== null || (from === null && to === null))}
              onChange={() => go({ last: choice, from: null, to: null })}
            />
            {words}
          </label>
        ))}
      </fieldset>
      <label class="field">
        <span>{texts.from}</span>
        <input
          type="datetime-local"
          value={fieldOf(from)}
          max={fieldOf(to) || undefined}
          onChange={(event) => go({ last: null, from: instantOf(event.currentTarget.value) })}
        />
      </label>
      <label class="field">
        <span>{texts.to}</span>
        <input
          type="datetime-local"
          value={fieldOf(to)}
          min={fieldOf(from) || undefined}
          onChange={(event) => go({ last: null, to: instantOf(event.currentTarget.value) })}
        />
      </label>
    </>
  );
}
