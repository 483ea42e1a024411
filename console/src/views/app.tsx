import type { JSX } from "preact";
import { route } from "../route";
import { EventDetail } from "./event-detail";
import { EventsPane } from "./events-pane";
import { Header } from "./header";
import { Wall } from "./wall";

/** The page: header, wall of cameras, list of events, and the open event. CSS decides what a narrow screen shows. */
export function App(): JSX.Element {
  const { tab, open } = route.value;
  return (
    <>
      <Header />
      <main class={`panes tab-${tab}${open === null ? "" : " has-open"}`}>
        <Wall />
        {open !== null && <EventDetail />}
        <EventsPane />
      </main>
    </>
  );
}
