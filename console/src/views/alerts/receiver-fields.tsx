import type { JSX } from "preact";
import { text } from "../../i18n";
import { departmentsOf } from "../../state/giving";
import { departments } from "../../state/names";
import { who } from "../../state/session";
import { FaultOf } from "../fault";
import { departmentName } from "../filter-words";
import type { PartProps } from "./subscription-form";

/** Whose program is told, and where. */
export function ReceiverFields({ draft, alter, isNew }: PartProps & { isNew: boolean }): JSX.Element {
  const texts = text.value.alerts;
  const session = who.value;
  const own = session === null ? [] : departmentsOf(session, departments.value ?? []);
  return (
    <fieldset class="group fields">
      <legend>{texts.groups.receiver}</legend>
      <div class="pair">
        <label class="field">
          <span>{texts.fields.name}</span>
          <input
            name="name"
            value={draft.name}
            required
            maxLength={128}
            autocomplete="off"
            autofocus={isNew}
            onInput={(event) => alter({ name: event.currentTarget.value })}
          />
          <small>{texts.nameHint}</small>
          <FaultOf field="name" />
        </label>
        <label class="field">
          <span>{texts.fields.department}</span>
          {isNew ? (
            <select
              name="department"
              value={draft.department}
              required
              onChange={(event) => alter({ department: event.currentTarget.value })}
            >
              <option value="">{texts.choose}</option>
              {own.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          ) : (
            <input name="department" value={departmentName(Number(draft.department))} disabled />
          )}
          <small>{texts.departmentHint}</small>
          <FaultOf field="department" />
        </label>
      </div>
      <div class="pair">
        <label class="field">
          <span>{texts.fields.url}</span>
          <input
            name="url"
            class="code"
            value={draft.url}
            required
            maxLength={2048}
            inputMode="url"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            placeholder="https://alerts.example/hook"
            onInput={(event) => alter({ url: event.currentTarget.value })}
          />
          <small>{texts.urlHint}</small>
          <FaultOf field="url" />
        </label>
      </div>
    </fieldset>
  );
}
