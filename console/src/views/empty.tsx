import type { ComponentChildren, JSX } from "preact";
import { Icon, type IconName } from "./icons";

interface EmptyProps {
  icon: IconName;
  title: string;
  hint: string;
  children?: ComponentChildren;
}

/** What stands where nothing is: why, and what to do. */
export function Empty({ icon, title, hint, children }: EmptyProps): JSX.Element {
  return (
    <div class="empty">
      <Icon name={icon} />
      <h3>{title}</h3>
      <p>{hint}</p>
      {children}
    </div>
  );
}
