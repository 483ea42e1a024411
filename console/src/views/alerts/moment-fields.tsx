import type { JSX } from "preact";
import { MOMENTS } from "../../api/subscriptions";
import { text } from "../../i18n";
import { FaultOf } from "../fault";
import type { PartProps } from "./subscription-form";

/** Which moments of an event are told. */
export function MomentFields({ draft, alter }: PartProps): JSX.Element {
  const texts = text.value.alerts;
  const chosen = draft.moments;
  return (
    <fieldset class="field" data-field="moments">
      <legend>{texts.fields.moments}</legend>
      <div class="choice">
        {MOMENTS.map((moment) => (
          <label key={moment} class="pick">
            <input
              type="checkbox"
              name="moments"
              value={moment}
              checked={chosen.includes(moment)}
              onChange={() => alter({ moments: MOMENTS.filter((one) => chosen.includes(one) !== (one === moment)) })}
            />
            <span>{texts.momentNames[moment]}</span>
          </label>
        ))}
      </div>
      <FaultOf field="moments" />
    </fieldset>
  );
}
