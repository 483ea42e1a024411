import type { JSX } from "preact";
import { desk } from "../desk";
import { route } from "../route";
import { DeskPage } from "./desk/desk";
import { EventDetail } from "./event-detail";
import { EventsPane } from "./events-pane";
import { Header } from "./header";
import { SitePage } from "./site-page";
import { Wall } from "./wall";

/** The page: header, wall of cameras or one of them, list of events, and the open event. CSS decides what a narrow screen shows. */
export function App(): JSX.Element {
  const { site, tab, open } = route.value;
  if (desk.value !== null) {
    return (
      <>
        <Header />
        <DeskPage />
      </>
    );
  }
  return (
    <>
      <Header />
      <main class={`panes tab-${tab}${open === null ? "" : " has-open"}`}>
        {site === null ? <Wall /> : <SitePage />}
        {open !== null && <EventDetail />}
        <EventsPane />
      </main>
    </>
  );
}
