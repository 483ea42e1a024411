import type { ComponentChildren, JSX } from "preact";
import { text } from "../i18n";
import { CopyField } from "./copy-field";
import { Dialog } from "./dialog";

interface OnceProps {
  title: string;
  label: string;
  /** What is shown this once. */
  value: string;
  onClose: () => void;
  children: ComponentChildren;
}

/** A secret that nobody can show again. A click beside it does not close it. */
export function Once({ title, label, value, onClose, children }: OnceProps): JSX.Element {
  return (
    <Dialog title={title} onClose={onClose} isKept>
      <div class="dialog-body">
        {children}
        <CopyField label={label} value={value} />
      </div>
      <div class="buttons">
        <button type="button" class="quiet" onClick={onClose}>
          {text.value.people.done}
        </button>
      </div>
    </Dialog>
  );
}
