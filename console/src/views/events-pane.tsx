import type { JSX } from "preact";
import { text } from "../i18n";
import { EventScroll } from "./event-scroll";
import { Filters } from "./filters";

/** The newest events beside the cameras, with the filters that are needed most. */
export function EventsPane(): JSX.Element {
  return (
    <section class="events" aria-label={text.value.events}>
      <Filters />
      <EventScroll />
      <p class="keys">{text.value.keys}</p>
    </section>
  );
}
