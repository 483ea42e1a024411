import type { ComponentChildren, JSX } from "preact";
import { joined, labelName, text, word } from "../i18n";
import type { Direction } from "../api/types";
import { needs, takes, type Field } from "../state/kinds";
import { percentOf, shareOf, type Draft } from "../state/rule-draft";
import type { Site } from "../state/site";
import { FaultOf } from "./fault";
import { LabelChoice } from "./label-choice";
import { SeverityChoice } from "./severity";

export interface FieldsProps {
  draft: Draft;
  alter: (change: Partial<Draft>) => void;
}

interface LabelledProps {
  field: Field;
  legend?: string;
  hint?: string | undefined;
  children: ComponentChildren;
}

function Labelled({ field, legend, hint, children }: LabelledProps): JSX.Element {
  const texts = text.value.rules;
  return (
    <label class="field" data-field={field}>
      <span>{legend ?? texts.fields[field]}</span>
      {children}
      <small>{hint ?? texts.hints[field]}</small>
      <FaultOf field={field} />
    </label>
  );
}

interface AmountProps extends Omit<LabelledProps, "children"> {
  value: number | null;
  most: number;
  least?: number;
  isWhole?: boolean;
  isNeeded?: boolean;
  onChange: (value: number | null) => void;
}

function Amount({ field, value, least = 0, most, isWhole, isNeeded, onChange, ...rest }: AmountProps): JSX.Element {
  return (
    <Labelled field={field} {...rest}>
      <input
        type="number"
        name={field}
        min={least}
        max={most}
        step={isWhole ? 1 : "any"}
        required={isNeeded}
        value={value ?? ""}
        onInput={(event) => {
          const number = event.currentTarget.valueAsNumber;
          onChange(Number.isNaN(number) ? null : number);
        }}
      />
    </Labelled>
  );
}

interface PlaceProps {
  field: "zone" | "line";
  places: readonly { id: number; name: string }[];
  chosen: number | null;
  /** What stands for no place; without it one must be chosen. */
  anywhere: string | null;
  missing: string;
  onChange: (id: number | null) => void;
}

function PlaceChoice({ field, places, chosen, anywhere, missing, onChange }: PlaceProps): JSX.Element {
  return (
    <Labelled field={field} hint={places.length === 0 && anywhere === null ? missing : ""}>
      <select
        name={field}
        required={anywhere === null}
        value={chosen ?? ""}
        onChange={(event) => onChange(Number(event.currentTarget.value) || null)}
      >
        {(anywhere !== null || chosen === null) && <option value="">{anywhere ?? ""}</option>}
        {places.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

/** Of which objects, and where. */
export function WhereFields({ site, draft, alter }: FieldsProps & { site: Site }): JSX.Element {
  const texts = text.value.rules;
  const { kind } = draft;
  return (
    <>
      {takes(kind, "labels") && (
        <LabelChoice legend={texts.fields.labels} chosen={draft.labels} onChange={(labels) => alter({ labels })}>
          <FaultOf field="labels" />
        </LabelChoice>
      )}
      <div class="pair">
        {takes(kind, "line") && (
          <PlaceChoice
            field="line"
            places={site.lines}
            chosen={draft.line}
            anywhere={null}
            missing={texts.noLine}
            onChange={(line) => alter({ line })}
          />
        )}
        {takes(kind, "direction") && (
          <Labelled field="direction">
            <select
              name="direction"
              value={draft.direction ?? ""}
              onChange={(event) => alter({ direction: (event.currentTarget.value || null) as Direction | null })}
            >
              <option value="">{texts.either}</option>
              <option value="left_to_right">{word("directions", "left_to_right")}</option>
              <option value="right_to_left">{word("directions", "right_to_left")}</option>
            </select>
          </Labelled>
        )}
        {takes(kind, "zone") && (
          <PlaceChoice
            field="zone"
            places={site.zones}
            chosen={draft.zone}
            anywhere={needs(kind, "zone") ? null : text.value.whole}
            missing={texts.noZone}
            onChange={(zone) => alter({ zone })}
          />
        )}
      </div>
    </>
  );
}

const DAY_S = 86_400;

/** How many, how fast, how long, how sure: the fields in numbers. */
export function AmountFields({ draft, alter }: FieldsProps): JSX.Element {
  const texts = text.value.rules;
  const { kind } = draft;
  const [countLegend, countHint] = texts.countOf[kind === "flow" ? "flow" : "crowding"];
  const asShare = (percent: number | null) => (percent === null ? null : shareOf(percent));
  const asPercent = (share: number | null) => (share === null ? null : percentOf(share));
  return (
    <div class="pair">
      {takes(kind, "min_count") && (
        <Amount
          field="min_count"
          legend={countLegend}
          hint={countHint}
          value={draft.min_count}
          least={1}
          most={10_000}
          isWhole
          isNeeded={needs(kind, "min_count")}
          onChange={(min_count) => alter({ min_count })}
        />
      )}
      {takes(kind, "min_speed") && (
        <Amount
          field="min_speed"
          value={asPercent(draft.min_speed)}
          most={10_000}
          isNeeded
          onChange={(percent) => alter({ min_speed: asShare(percent) })}
        />
      )}
      <Amount
        field="min_duration_s"
        value={draft.min_duration_s}
        most={DAY_S}
        onChange={(min_duration_s) => alter({ min_duration_s })}
      />
      {takes(kind, "min_score") && (
        <Amount field="min_score" value={draft.min_score} most={1} onChange={(min_score) => alter({ min_score })} />
      )}
      {takes(kind, "min_size") && (
        <Amount
          field="min_size"
          value={asPercent(draft.min_size)}
          most={100}
          onChange={(percent) => alter({ min_size: asShare(percent) })}
        />
      )}
      {takes(kind, "min_path") && (
        <Amount
          field="min_path"
          value={asPercent(draft.min_path)}
          most={200}
          onChange={(percent) => alter({ min_path: asShare(percent) })}
        />
      )}
      <Amount
        field="cool_down_s"
        value={draft.cool_down_s}
        most={7 * DAY_S}
        onChange={(cool_down_s) => alter({ cool_down_s })}
      />
    </div>
  );
}

/** Once or often, how urgent, and by which name. */
export function LastFields({ draft, alter, suggestedName }: FieldsProps & { suggestedName: string }): JSX.Element {
  const texts = text.value.rules;
  return (
    <>
      {takes(draft.kind, "once_per_track") && (
        <label class="tick" data-field="once_per_track">
          <input
            type="checkbox"
            name="once_per_track"
            checked={draft.once_per_track}
            onChange={() => alter({ once_per_track: !draft.once_per_track })}
          />
          {texts.once}
          <FaultOf field="once_per_track" />
        </label>
      )}
      <SeverityChoice chosen={draft.severity} onChange={(severity) => alter({ severity })} />
      <Labelled field="name" hint="">
        <input
          name="name"
          value={draft.name ?? suggestedName}
          onInput={(event) => alter({ name: event.currentTarget.value })}
          required
          maxLength={200}
          autocomplete="off"
        />
      </Labelled>
    </>
  );
}

/** A name for the rule, by its kind and objects, that no other rule of the camera bears. */
export function suggestName({ kind, labels }: Draft, taken: readonly { name: string }[]): string {
  const hasObjects = takes(kind, "labels") && labels.length > 0;
  const named = word("kinds", kind);
  const wanted = hasObjects ? text.value.rules.suggested(named, joined(labels.map(labelName))) : named;
  let name = wanted;
  for (let n = 2; taken.some((rule) => rule.name === name); n++) name = `${wanted} ${n}`;
  return name;
}
