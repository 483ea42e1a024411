import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { desk, deskLink } from "../../desk";
import { text } from "../../i18n";
import { route } from "../../route";
import { shownPages } from "../../state/pages";
import { waitingCount } from "../../state/waiting";
import { Icon } from "../icons";

/** How much waits for who is signed in. */
function WaitingCount(): JSX.Element | null {
  const count = waitingCount.value;
  if (count === 0) return null;
  const words = text.value.sharing.badge(count);
  return (
    <b class="waiting-count" title={words} aria-label={words}>
      {count}
    </b>
  );
}

/** The way from page to page. */
export function Nav(): JSX.Element {
  const at = desk.value?.page ?? (route.value.view === "search" ? "events" : "watch");
  const texts = text.value.catalogue;
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    // A narrow screen shows a part of them.
    nav.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [at]);
  return (
    <nav ref={nav} class="pages" aria-label={texts.nav}>
      <a href="#/" aria-current={at === "watch" ? "page" : undefined}>
        <Icon name="eye" />
        {texts.pages.watch}
      </a>
      <a href="#/events" aria-current={at === "events" ? "page" : undefined}>
        {texts.pages.events}
      </a>
      {shownPages().map((page) => (
        <a key={page} href={deskLink(page)} aria-current={at === page ? "page" : undefined}>
          {texts.pages[page]}
          {page === "sharing" && <WaitingCount />}
        </a>
      ))}
    </nav>
  );
}
