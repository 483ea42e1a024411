import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { text } from "../../i18n";
import { route } from "../../route";
import { EventDetail } from "../event-detail";
import { EventScroll } from "../event-scroll";
import { Facets } from "./facets";
import { Histogram } from "./histogram";
import { SearchBar } from "./search-bar";

/** The search of all events: filters with counts, when they were, the list, and the open event. */
export function SearchPage(): JSX.Element {
  const { open } = route.value;
  const title = text.value.catalogue.pages.events;
  useEffect(() => {
    document.title = `${title} · Sharp Eyes`;
    return () => {
      document.title = "Sharp Eyes";
    };
  }, [title]);
  return (
    <main class={open === null ? "search-page" : "search-page has-open"}>
      <SearchBar />
      <Facets />
      <section class="events" aria-label={text.value.events}>
        <Histogram />
        <EventScroll />
      </section>
      {open !== null && <EventDetail />}
    </main>
  );
}
