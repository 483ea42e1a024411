import { effect } from "@preact/signals";
import { render } from "preact";
import { languageTag } from "./i18n";
import { cameras, learnNames, startCameras } from "./state/cameras";
import { startCounts } from "./state/counts";
import { list, startEvents } from "./state/events";
import { startNames } from "./state/names";
import { startKeys } from "./state/moves";
import { startOpenEvent } from "./state/open-event";
import { startSession, whenFirstSignedIn } from "./state/session";
import { startSite } from "./state/site";
import { startWaiting } from "./state/waiting";
import { startWelcome } from "./state/welcome";
import { App } from "./views/app";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/wall.css";
import "./styles/events.css";
import "./styles/search.css";
import "./styles/detail.css";
import "./styles/site.css";
import "./styles/rules.css";
import "./styles/forms.css";
import "./styles/desk.css";
import "./styles/tables.css";
import "./styles/figures.css";
import "./styles/record.css";
import "./styles/import.css";
import "./styles/map.css";
import "./styles/access.css";
import "./styles/sharing.css";
import "./styles/alerts.css";

const page = document.getElementById("page");
if (page === null) throw new Error("index.html has no element #page");

effect(() => {
  document.documentElement.lang = languageTag.value;
});
effect(() => {
  learnNames(cameras.value ?? []);
  learnNames(list.items.value.map((event) => event.camera));
});
startWelcome();
startSession();
whenFirstSignedIn(() => {
  startCameras();
  startNames();
  startEvents();
  startCounts();
  startOpenEvent();
  startSite();
  startKeys();
  startWaiting();
});
render(<App />, page);
