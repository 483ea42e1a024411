import type { JSX } from "preact";
import { text } from "../i18n";
import { missing } from "../state/new-password";
import { PasswordField } from "./password-field";

/** A password that is chosen, typed twice. */
export interface Chosen {
  password: string;
  again: string;
}

export const NOT_CHOSEN: Chosen = { password: "", again: "" };

/** Whether it may be sent: what is left to say, the server says. */
export const isChosen = ({ password, again }: Chosen): boolean => missing(password) === 0 && password === again;

interface NewPasswordProps {
  /** What the server calls the field. */
  name: "password" | "new";
  chosen: Chosen;
  onChange: (chosen: Chosen) => void;
}

/** Tells the rules beforehand, and what is still missing while it is typed. */
export function NewPassword({ name, chosen, onChange }: NewPasswordProps): JSX.Element {
  const texts = text.value.access;
  const { password, again } = chosen;
  const left = missing(password);
  return (
    <>
      <PasswordField
        name={name}
        label={name === "new" ? texts.newPassword : texts.password}
        value={password}
        use="new-password"
        onInput={(value) => onChange({ ...chosen, password: value })}
      >
        <small>{texts.passwordRules}</small>
        <small class="told" role="status">
          {password !== "" && left > 0 && texts.tooShort(left)}
        </small>
      </PasswordField>
      <PasswordField
        name="again"
        label={texts.again}
        value={again}
        use="new-password"
        onInput={(value) => onChange({ ...chosen, again: value })}
      >
        <small class="told" role="status">
          {again !== "" && again.length >= password.length && again !== password && texts.notTheSame}
        </small>
      </PasswordField>
    </>
  );
}
