import type { JSX } from "preact";
import { desk } from "../desk";
import { text } from "../i18n";
import { route } from "../route";
import { askWho, phase, who, whoProblem } from "../state/session";
import { isWelcome } from "../state/welcome";
import { DeskPage } from "./desk/desk";
import { EventDetail } from "./event-detail";
import { EventsPane } from "./events-pane";
import { Gate } from "./gate";
import { Header } from "./header";
import { ProblemNote } from "./problem-note";
import { SearchPage } from "./search/search-page";
import { SignIn, SignInAgain } from "./sign-in";
import { SitePage } from "./site-page";
import { Wall } from "./wall";
import { Welcome } from "./welcome";

/** Header, wall of cameras or one of them, list of events, and the open event. CSS decides what a narrow screen shows. */
function Watch(): JSX.Element {
  const { site, tab, open } = route.value;
  return (
    <main class={`panes tab-${tab}${open === null ? "" : " has-open"}`}>
      {site === null ? <Wall /> : <SitePage />}
      {open !== null && <EventDetail />}
      <EventsPane />
    </main>
  );
}

/** What the address says: a page of the desk, the search, or the watch. */
function Open(): JSX.Element {
  if (desk.value !== null) return <DeskPage />;
  return route.value.view === "search" ? <SearchPage /> : <Watch />;
}

/** The page: the work of who is signed in, or what stands before it. */
export function App(): JSX.Element {
  if (isWelcome.value) return <Welcome />;
  if (who.value === null) {
    if (phase.value === "out") return <SignIn />;
    return (
      <Gate title={text.value.access.asking}>
        {whoProblem.value && <ProblemNote problem={whoProblem.value} retry={() => void askWho()} />}
      </Gate>
    );
  }
  return (
    <>
      <Header />
      <Open />
      {phase.value === "out" && <SignInAgain />}
    </>
  );
}
