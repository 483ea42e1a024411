import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { text } from "../i18n";
import { Icon } from "./icons";

interface DialogProps {
  title: string;
  onClose: () => void;
  /** For a form of many fields. */
  isWide?: boolean;
  /** A click beside it does not close it: what it shows would be lost. */
  isKept?: boolean;
  children: ComponentChildren;
}

/** A modal dialog while it is rendered. Escape, the cross and the backdrop close it; focus goes back by itself. */
export function Dialog({ title, onClose, isWide, isKept, children }: DialogProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  const onBackdrop = (event: MouseEvent) => {
    if (event.target === dialog.current && !isKept) onClose();
  };
  return (
    <dialog
      ref={dialog}
      class={isWide ? "wide" : undefined}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={onBackdrop}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <header>
        <h2 id={heading}>{title}</h2>
        <button type="button" class="bare" onClick={onClose} aria-label={text.value.close}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </dialog>
  );
}
