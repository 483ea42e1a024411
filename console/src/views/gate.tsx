import type { ComponentChildren, JSX } from "preact";
import { Icon } from "./icons";
import { LanguageSwitch } from "./language-switch";

interface GateProps {
  title: string;
  about?: string | undefined;
  children: ComponentChildren;
}

/** The frame of what stands before the work: the name of the system, one thing to do, the language. */
export function Gate({ title, about, children }: GateProps): JSX.Element {
  return (
    <div class="gate">
      <header>
        <p class="brand">
          <Icon name="eye" />
          Sharp Eyes
        </p>
        <LanguageSwitch />
      </header>
      <main class="gate-card">
        <h1>{title}</h1>
        {about && <p>{about}</p>}
        {children}
      </main>
    </div>
  );
}
