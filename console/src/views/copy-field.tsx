import type { JSX } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { text } from "../i18n";
import { Icon } from "./icons";

const TOLD_MS = 2_500;

/** Put what a field holds on the clipboard. Browsers keep the clipboard from pages without TLS: there, the old way. */
async function copy(field: HTMLInputElement): Promise<boolean> {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}

/** A text that is there to be taken along. */
export function CopyField({ label, value }: { label: string; value: string }): JSX.Element {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [isCopied, setCopied] = useState(false);
  const take = async () => {
    if (field.current === null || !(await copy(field.current))) return;
    setCopied(true);
    setTimeout(() => setCopied(false), TOLD_MS);
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <span class="copy">
        <input
          ref={field}
          id={id}
          class="code"
          value={value}
          readOnly
          spellcheck={false}
          onFocus={(event) => event.currentTarget.select()}
        />
        <button type="button" class="main" onClick={() => void take()}>
          <Icon name="link" />
          {text.value.people.copy}
        </button>
      </span>
      <small role="status">{isCopied && text.value.people.copied}</small>
    </div>
  );
}
