import type { ComponentChildren, JSX } from "preact";
import { text } from "../../i18n";
import { Once } from "../once";
import { Guide } from "./guide";

interface SecretProps {
  /** The subscription's name. */
  of: string;
  secret: string;
  onClose: () => void;
  children?: ComponentChildren;
}

/** The secret that messages are signed with, which nobody can show again. */
export function SecretOnce({ of, secret, onClose, children }: SecretProps): JSX.Element {
  const texts = text.value.alerts;
  return (
    <Once title={texts.secretTitle(of)} label={texts.secret} value={secret} onClose={onClose}>
      <p>{texts.secretText}</p>
      <p>
        <b>{texts.secretOnce}</b>
      </p>
      {children}
      <Guide />
    </Once>
  );
}
