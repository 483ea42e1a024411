import type { JSX } from "preact";
import { text } from "../../i18n";
import type { Difference } from "../../state/conflict";
import { Dialog } from "../dialog";

interface ConflictProps<F extends string> {
  title: string;
  explanation: string;
  fields: readonly Difference<F>[];
  nameOf: (field: F) => string;
  /** A field's value in words, as the form shows it. */
  wordsOf: (field: F, value: string) => string;
  isBusy: boolean;
  onSettle: (keep: "mine" | "theirs") => void;
  onClose: () => void;
}

/** What somebody else changed while a form was open, and whose is to stand. */
export function ConflictDialog<F extends string>(props: ConflictProps<F>): JSX.Element {
  const { title, explanation, fields, nameOf, wordsOf, isBusy, onSettle, onClose } = props;
  const texts = text.value.record;
  const isOverlapping = fields.some(({ isBoth }) => isBoth);
  return (
    <Dialog title={title} onClose={onClose} isWide>
      <div class="dialog-body">
        <p>{explanation}</p>
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
            {fields.map(({ field, was, theirs, mine, isBoth }) => (
              <tr key={field} data-field={field}>
                <th scope="row">{nameOf(field)}</th>
                <td>{wordsOf(field, was)}</td>
                <td>
                  <b>{wordsOf(field, theirs)}</b>
                </td>
                {isOverlapping && <td>{isBoth && <b class="mood-bad">{wordsOf(field, mine)}</b>}</td>}
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
