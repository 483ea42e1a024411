import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import { listRegions } from "../../api/regions";
import { text } from "../../i18n";
import { CHOICES, isExtraFaulty, type ChoiceName, type Draft, type FieldName } from "../../state/record";
import { askForRegions, departments, learnRegions, regionNames } from "../../state/names";
import { useAnswer } from "../answer";
import { FaultOf } from "../fault";

interface FieldsProps {
  draft: Draft;
  alter: (change: Partial<Draft>) => void;
}

/** A field by its name, with its hint and what is wrong with it. */
function Labelled({ field, children }: { field: FieldName; children: ComponentChildren }): JSX.Element {
  const texts = text.value.record;
  return (
    <label class="field" data-field={field}>
      <span>{texts.fields[field]}</span>
      {children}
      {texts.hints[field] && <small>{texts.hints[field]}</small>}
      <FaultOf field={field} />
    </label>
  );
}

interface TextProps extends FieldsProps {
  field: FieldName;
  longest: number;
  isRequired?: boolean;
}

export function TextField({ field, longest, isRequired, draft, alter }: TextProps): JSX.Element {
  return (
    <Labelled field={field}>
      <input
        name={field}
        value={draft[field]}
        maxLength={longest}
        required={isRequired}
        autocomplete="off"
        onInput={(event) => alter({ [field]: event.currentTarget.value })}
      />
    </Labelled>
  );
}

export function NumberField({ field, draft, alter }: FieldsProps & { field: FieldName }): JSX.Element {
  return (
    <Labelled field={field}>
      <input
        type="number"
        step="any"
        name={field}
        value={draft[field]}
        onInput={(event) => alter({ [field]: event.currentTarget.value })}
      />
    </Labelled>
  );
}

export function DateField({ field, draft, alter }: FieldsProps & { field: FieldName }): JSX.Element {
  return (
    <Labelled field={field}>
      <input
        type="date"
        name={field}
        value={draft[field]}
        onInput={(event) => alter({ [field]: event.currentTarget.value })}
      />
    </Labelled>
  );
}

export function ChoiceField({ field, draft, alter }: FieldsProps & { field: ChoiceName }): JSX.Element {
  const texts = text.value.record;
  return (
    <Labelled field={field}>
      <select name={field} value={draft[field]} onChange={(event) => alter({ [field]: event.currentTarget.value })}>
        <option value="">{texts.unknown}</option>
        {CHOICES[field].map((one) => (
          <option key={one} value={one}>
            {texts.choices[field][one]}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

/** Who owns the camera; of another one than now, what that means for what has happened. */
export function DepartmentField({ draft, alter, owner }: FieldsProps & { owner: string | null }): JSX.Element {
  const texts = text.value.record;
  const known = departments.value ?? [];
  const isMoved = owner !== null && known.find(({ id }) => String(id) === draft.department)?.name !== owner;
  return (
    <Labelled field="department">
      <select
        name="department"
        value={draft.department}
        required
        onChange={(event) => alter({ department: event.currentTarget.value })}
      >
        {draft.department === "" && <option value="">{texts.unknown}</option>}
        {known.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      {isMoved && owner !== null && known.length > 0 && <small class="told">{texts.moves(owner)}</small>}
    </Labelled>
  );
}

export function EnabledField({ draft, alter }: FieldsProps): JSX.Element {
  const texts = text.value.record;
  return (
    <Labelled field="enabled">
      <select name="enabled" value={draft.enabled} onChange={(event) => alter({ enabled: event.currentTarget.value })}>
        <option value="true">{texts.on}</option>
        <option value="false">{texts.off}</option>
      </select>
    </Labelled>
  );
}

/** A region by its code; what is typed is looked up by name too. */
export function RegionField({ draft, alter }: FieldsProps): JSX.Element {
  const [q, setQ] = useState("");
  const list = useId();
  const { answer } = useAnswer(q, (signal) => listRegions({ q: q || undefined }, signal));
  useEffect(() => learnRegions(answer?.items ?? []), [answer]);
  useEffect(() => askForRegions(/^(\d\d){1,6}$|^\d{9}$/.test(draft.region) ? [draft.region] : []), [draft.region]);
  const name = regionNames.value.get(draft.region.trim());
  return (
    <Labelled field="region">
      <input
        name="region"
        value={draft.region}
        list={list}
        maxLength={64}
        autocomplete="off"
        onInput={(event) => {
          alter({ region: event.currentTarget.value });
          setQ(event.currentTarget.value.trim());
        }}
      />
      <datalist id={list}>
        {answer?.items.map((region) => (
          <option key={region.code} value={region.code}>
            {region.name}
          </option>
        ))}
      </datalist>
      {name && <b class="found">{name}</b>}
    </Labelled>
  );
}

export function ExtraField({ draft, alter }: FieldsProps): JSX.Element {
  const texts = text.value.record;
  return (
    <Labelled field="extra">
      <textarea
        name="extra"
        rows={4}
        maxLength={8_000}
        spellcheck={false}
        value={draft.extra}
        onInput={(event) => alter({ extra: event.currentTarget.value })}
      />
      {isExtraFaulty(draft) && <span class="fault">{texts.extraFault}</span>}
    </Labelled>
  );
}
