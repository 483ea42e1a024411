import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { text } from "../i18n";
import { FaultOf } from "./fault";

/** Longer ones are refused by the server. */
const LONGEST = 256;

interface PasswordFieldProps {
  name: string;
  label: string;
  value: string;
  onInput: (value: string) => void;
  /** What a password manager is to do with it. */
  use: "current-password" | "new-password";
  hasFocus?: boolean;
  children?: ComponentChildren;
}

/** A password, which can be shown while it is typed. */
export function PasswordField({ name, label, value, onInput, use, hasFocus, children }: PasswordFieldProps): JSX.Element {
  const [isShown, setShown] = useState(false);
  const texts = text.value.access;
  return (
    <div class="field">
      <label class="field">
        <span>{label}</span>
        <input
          {...(isShown ? { type: "text" as const } : { type: "password" as const })}
          name={name}
          value={value}
          required
          maxLength={LONGEST}
          autocomplete={use}
          autocapitalize="off"
          spellcheck={false}
          autofocus={hasFocus ?? false}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      </label>
      <label class="show-it">
        <input
          type="checkbox"
          checked={isShown}
          aria-label={`${texts.showPassword}${text.value.colon}${label}`}
          onChange={() => setShown(!isShown)}
        />
        {texts.showPassword}
      </label>
      {children}
      <FaultOf field={name} />
    </div>
  );
}
