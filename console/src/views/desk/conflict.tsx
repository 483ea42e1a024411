import type { JSX } from "preact";
import { text } from "../../i18n";
import { CHOICES, type ChoiceName, type Conflict, type FieldName } from "../../state/record";
import { departments, regionNames } from "../../state/names";
import { Dialog } from "../dialog";

/** A field's value in words, as the form shows it. */
export function valueWords(field: FieldName, value: string): string {
  const texts = text.value.record;
  if (value.trim() === "") return texts.empty;
  if (field in CHOICES) return texts.choices[field as ChoiceName][Number(value)] ?? value;
  switch (field) {
    case "department":
      return departments.value?.find(({ id }) => String(id) === value)?.name ?? `#${value}`;
    case "region":
      return [regionNames.value.get(value), value].filter(Boolean).join(" ");
    case "enabled":
      return value === "true" ? texts.on : texts.off;
    default:
      return value;
  }
}

interface ConflictProps {
  conflict: Conflict;
  isBusy: boolean;
  onSettle: (keep: "mine" | "theirs") => void;
  onClose: () => void;
}

/** What somebody else changed while this form was open, and whose is to stand. */
export function ConflictDialog({ conflict, isBusy, onSettle, onClose }: ConflictProps): JSX.Element {
  const texts = text.value.record;
  const isOverlapping = conflict.fields.some(({ isBoth }) => isBoth);
  return (
    <Dialog title={texts.conflictTitle} onClose={onClose} isWide>
      <div class="dialog-body">
        <p>{texts.conflictText}</p>
        <table class="list conflict">
          <thead>
            <tr>
              <th scope="col">{texts.field}</th>
              <th scope="col">{texts.was}</th>
              <th scope="col">{texts.theirs}</th>
              {isOverlapping && <th scope="col">{texts.mine}</th>}
            </tr>
          </thead>
          <tbody>
            {conflict.fields.map(({ field, was, theirs, mine, isBoth }) => (
              <tr key={field} data-field={field}>
                <th scope="row">{texts.fields[field]}</th>
                <td>{valueWords(field, was)}</td>
                <td>
                  <b>{valueWords(field, theirs)}</b>
                </td>
                {isOverlapping && <td>{isBoth && <b class="mood-bad">{valueWords(field, mine)}</b>}</td>}
              </tr>
            ))}
          </tbody>
        </table>
        {!isOverlapping && <p>{texts.noOverlap}</p>}
      </div>
      <div class="buttons">
        <button type="button" class="quiet" onClick={onClose}>
          {text.value.cancel}
        </button>
        {isOverlapping && (
          <button type="button" class="quiet" disabled={isBusy} onClick={() => onSettle("theirs")}>
            {texts.takeTheirs}
          </button>
        )}
        <button type="button" class="main" disabled={isBusy} onClick={() => onSettle("mine")}>
          {isOverlapping ? texts.takeMine : texts.goOn}
        </button>
      </div>
    </Dialog>
  );
}
