import type { ComponentChildren, JSX } from "preact";

interface HeadProps {
  title: string;
  /** What the page shows, in a few words. */
  note?: string | undefined;
  /** The way back. */
  before?: ComponentChildren;
  /** What can be done here, at the right. */
  children?: ComponentChildren;
}

/** The top of a page: what it is, and what can be done. */
export function Head({ title, note, before, children }: HeadProps): JSX.Element {
  return (
    <header class="desk-head">
      {before}
      <h2>
        {title}
        {note && <small role="status">{note}</small>}
      </h2>
      {children && <div class="desk-acts">{children}</div>}
    </header>
  );
}
