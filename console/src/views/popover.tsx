import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./icons";

interface PopoverProps {
  /** What the button says; `isSet` marks it as a filter in force. */
  label: string;
  isSet: boolean;
  /** What it is called, where the label alone does not say it. */
  title?: string;
  icon?: IconName;
  children: ComponentChildren;
}

/** A button that opens a small panel under it. Escape and a click elsewhere close it. */
export function Popover({ label, isSet, title, icon, children }: PopoverProps): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useId();
  useEffect(() => {
    if (!isOpen) return undefined;
    const onPress = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", onPress);
    root.current?.querySelector<HTMLElement>(".panel input, .panel a, .panel button")?.focus();
    return () => document.removeEventListener("pointerdown", onPress);
  }, [isOpen]);
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !isOpen) return;
    event.stopPropagation();
    setOpen(false);
    button.current?.focus();
  };
  const onLeave = (event: FocusEvent) => {
    if (event.relatedTarget !== null && !root.current?.contains(event.relatedTarget as Node)) setOpen(false);
  };
  return (
    <div class="popover" ref={root} onKeyDown={onKey} onFocusOut={onLeave}>
      <button
        ref={button}
        type="button"
        class={isSet ? "chip set" : "chip"}
        aria-expanded={isOpen}
        aria-controls={panel}
        title={title}
        aria-label={title}
        onClick={() => setOpen(!isOpen)}
      >
        {icon && <Icon name={icon} />}
        <span class="label">{label}</span>
        <Icon name="down" />
      </button>
      {isOpen && (
        <div class="panel" id={panel} role="group" aria-label={title ?? label}>
          {children}
        </div>
      )}
    </div>
  );
}
