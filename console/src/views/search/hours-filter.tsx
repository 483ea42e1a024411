import type { JSX } from "preact";
import { DAYS, type Day } from "../../api/rules";
import { text } from "../../i18n";
import { zoneHere } from "../../i18n/time";
import { go, route } from "../../route";
import { histogram } from "../../state/counts";

/** Time of day and weekdays, by the city's clocks. */
export function HoursFilter(): JSX.Element {
  const texts = text.value;
  const { days, timeFrom, timeTo } = route.value;
  const zone = histogram.answer.value?.time_zone ?? zoneHere();
  const toggle = (day: Day) => go({ days: DAYS.filter((one) => days.includes(one) !== (one === day)) });
  const put = (from: string | null, to: string | null) => {
    const isSet = Boolean(from) || Boolean(to);
    go({ timeFrom: isSet ? from || "00:00" : null, timeTo: isSet ? to || "00:00" : null });
  };
  return (
    <>
      <fieldset class="field">
        <legend>{texts.search.weekdays}</legend>
        <div class="choice">
          {DAYS.map((day) => (
            <label key={day} class="pick">
              <input type="checkbox" checked={days.includes(day)} onChange={() => toggle(day)} />
              <span>{texts.rules.days[day]}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <div class="between">
        <label class="field">
          <span>{texts.from}</span>
          <input type="time" value={timeFrom ?? ""} onChange={(event) => put(event.currentTarget.value, timeTo)} />
        </label>
        <label class="field">
          <span>{texts.to}</span>
          <input type="time" value={timeTo ?? ""} onChange={(event) => put(timeFrom, event.currentTarget.value)} />
        </label>
      </div>
      <small>{texts.search.hoursHint(zone)}</small>
      <button
        type="button"
        class="quiet"
        disabled={timeFrom === null && days.length === 0}
        onClick={() => go({ days: [], timeFrom: null, timeTo: null })}
      >
        {texts.search.anyHour}
      </button>
    </>
  );
}
