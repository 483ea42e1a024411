import type { JSX } from "preact";
import { GROUPINGS } from "../../api/subscriptions";
import { text } from "../../i18n";
import { isOfTheCity } from "../../state/keeping";
import { COOL_DOWNS, grouped } from "../../state/subscription-draft";
import { FaultOf } from "../fault";
import type { PartProps } from "./subscription-form";
import { coolDownText, groupingWords } from "./words";

const LONGEST_S = 86_400;

function CoolDown({ draft, alter }: PartProps): JSX.Element {
  const texts = text.value.alerts;
  return (
    <fieldset class="field" data-field="cool_down_s">
      <legend>{texts.fields.cool_down_s}</legend>
      <div class="choice">
        {COOL_DOWNS.map((seconds) => (
          <button
            key={seconds}
            type="button"
            class={draft.cool_down_s === seconds ? "chip set" : "chip"}
            aria-pressed={draft.cool_down_s === seconds}
            onClick={() => alter({ cool_down_s: seconds })}
          >
            {coolDownText(seconds)}
          </button>
        ))}
        <label class="inline">
          {texts.coolDown}
          <input
            type="number"
            name="cool_down_s"
            min={1}
            max={LONGEST_S}
            required
            value={draft.cool_down_s}
            onInput={(event) => alter({ cool_down_s: Math.round(Number(event.currentTarget.value)) })}
          />
        </label>
      </div>
      <small>{texts.coolDownHint}</small>
      <FaultOf field="cool_down_s" />
    </fieldset>
  );
}

/** Whether each event is told by itself, and whether with a picture. */
export function GroupingFields({ draft, alter }: PartProps): JSX.Element {
  const texts = text.value.alerts;
  return (
    <fieldset class="group fields">
      <legend>{texts.groups.together}</legend>
      <div class="checks">
        {GROUPINGS.map((grouping) => (
          <label key={grouping}>
            <input
              type="radio"
              name="grouping"
              value={grouping}
              checked={draft.grouping === grouping}
              onChange={() => alter(grouped(grouping, draft.cool_down_s))}
            />
            <span>
              {texts.groupings[grouping]} <small>{texts.groupingHints[grouping]}</small>
            </span>
          </label>
        ))}
      </div>
      <FaultOf field="grouping" />
      {draft.grouping !== "event" && <CoolDown draft={draft} alter={alter} />}
      <p class="together" role="status">
        {groupingWords(draft)}
      </p>
      <label class="tick">
        <input
          type="checkbox"
          name="with_picture"
          checked={draft.with_picture}
          onChange={(event) => alter({ with_picture: event.currentTarget.checked })}
        />
        <span>
          {texts.fields.with_picture} <small>{texts.pictureHint}</small>
        </span>
      </label>
      {(isOfTheCity.value || draft.notices) && (
        <label class="tick">
          <input
            type="checkbox"
            name="notices"
            checked={draft.notices}
            onChange={(event) => alter({ notices: event.currentTarget.checked })}
          />
          <span>
            {texts.fields.notices} <small>{texts.noticesHint}</small>
          </span>
        </label>
      )}
    </fieldset>
  );
}
