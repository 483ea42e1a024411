import type { JSX } from "preact";
import { DAYS, type Hours } from "../api/rules";
import { text } from "../i18n";
import { FaultOf } from "./fault";
import { Icon } from "./icons";

const MOST = 16;

const usualHours = (): Hours => ({
  days: [...DAYS],
  begin: "22:00",
  end: "06:00",
  time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
});

interface SpanProps {
  hours: Hours;
  at: number;
  onChange: (hours: Hours) => void;
  onRemove: () => void;
}

function Span({ hours, at, onChange, onRemove }: SpanProps): JSX.Element {
  const texts = text.value.rules;
  const { days, begin, end } = hours;
  const toggle = (day: Hours["days"][number]) =>
    onChange({ ...hours, days: DAYS.filter((one) => days.includes(one) !== (one === day)) });
  return (
    <div class="hours" role="group" aria-label={`${texts.fields.hours} ${at + 1}`}>
      <div class="choice">
        {DAYS.map((day) => (
          <label key={day} class="pick">
            <input type="checkbox" checked={days.includes(day)} onChange={() => toggle(day)} />
            <span>{texts.days[day]}</span>
          </label>
        ))}
        <button type="button" class="bare" onClick={onRemove} title={texts.removeHours} aria-label={texts.removeHours}>
          <Icon name="bin" />
        </button>
      </div>
      <div class="inline">
        <label class="inline">
          {texts.begin}
          <input
            type="time"
            value={begin}
            required
            onInput={(event) => onChange({ ...hours, begin: event.currentTarget.value })}
          />
        </label>
        <label class="inline">
          {texts.end}
          <input
            type="time"
            value={end}
            required
            onInput={(event) => onChange({ ...hours, end: event.currentTarget.value })}
          />
        </label>
        <label class="inline">
          {texts.timeZone}
          <input
            list="time-zones"
            value={hours.time_zone}
            required
            maxLength={64}
            spellcheck={false}
            autocomplete="off"
            onInput={(event) => onChange({ ...hours, time_zone: event.currentTarget.value.trim() })}
          />
        </label>
      </div>
      <FaultOf field={`hours[${at}]`} />
    </div>
  );
}

/** When a rule watches: spans of hours by the clocks of a place; none: always. */
export function HoursFields({ hours, onChange }: { hours: Hours[]; onChange: (hours: Hours[]) => void }): JSX.Element {
  const texts = text.value.rules;
  const put = (at: number, span: Hours) => onChange(hours.map((one, n) => (n === at ? span : one)));
  return (
    <fieldset class="field" data-field="hours">
      <legend>{texts.fields.hours}</legend>
      {hours.map((span, at) => (
        <Span
          key={at}
          hours={span}
          at={at}
          onChange={(changed) => put(at, changed)}
          onRemove={() => onChange(hours.filter((_, n) => n !== at))}
        />
      ))}
      <div class="inline">
        {hours.length === 0 && <span>{texts.always}</span>}
        {hours.length < MOST && (
          <button type="button" class="chip" onClick={() => onChange([...hours, usualHours()])}>
            <Icon name="plus" />
            {texts.addHours}
          </button>
        )}
      </div>
      {hours.length > 0 && (
        <datalist id="time-zones">
          {Intl.supportedValuesOf("timeZone").map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
      )}
    </fieldset>
  );
}
