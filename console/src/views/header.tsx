import type { JSX } from "preact";
import { text, word } from "../i18n";
import { clockTime, longDay, nearTime, now } from "../i18n/time";
import { go, linkTo, route } from "../route";
import { moodOf, overview, type Mood } from "../state/cameras";
import { link } from "../state/events";
import { desk } from "../desk";
import { AccountMenu } from "./account-menu";
import { Nav } from "./desk/nav";
import { Icon } from "./icons";
import { NoticeBanner } from "./notice-banner";
import { LanguageSwitch } from "./language-switch";
import { StateBadge } from "./state-badge";

const ORDER: readonly Mood[] = ["bad", "busy", "good", "quiet"];

/** How many cameras are in which state; each state is a link that shows those cameras. */
function Overview(): JSX.Element | null {
  const counts = overview.value;
  if (counts === null) return null;
  const states = Object.entries(counts.by_state)
    .filter(([, count]) => count > 0)
    .sort(([a, m], [b, n]) => ORDER.indexOf(moodOf(a)) - ORDER.indexOf(moodOf(b)) || n - m);
  const unwatched = counts.cameras - Object.values(counts.by_state).reduce((sum, count) => sum + count, 0);
  return (
    <ul class="overview" aria-label={text.value.cameras}>
      <li>
        <a href={linkTo({ view: "watch", site: null, state: "", tab: "cameras" }, route.value)} aria-current={route.value.state === "" ? "true" : undefined}>
          <span class="count">{counts.cameras.toLocaleString()}</span> {text.value.cameras}
        </a>
      </li>
      {states.map(([state, count]) => (
        <li key={state}>
          <a
            href={linkTo({ view: "watch", site: null, state, tab: "cameras" }, route.value)}
            title={text.value.showState(word("states", state))}
            aria-current={route.value.state === state ? "true" : undefined}
          >
            <StateBadge state={state} /> <span class="count">{count.toLocaleString()}</span>
          </a>
        </li>
      ))}
      {unwatched > 0 && (
        <li class="unwatched mood-quiet" title={text.value.notWatchedHint}>
          <span class="badge">
            <Icon name="pause" />
            {text.value.notWatched}
          </span>
          <span class="count">{unwatched.toLocaleString()}</span>
        </li>
      )}
    </ul>
  );
}

function LinkState(): JSX.Element {
  const texts = text.value;
  const words = { live: texts.linkLive, connecting: texts.linkConnecting, lost: texts.linkLost } as const;
  const mood = { live: "good", connecting: "busy", lost: "bad" } as const;
  return (
    <span class={`link-state mood-${mood[link.value]}`} role="status">
      <Icon name={link.value === "live" ? "live" : link.value === "lost" ? "warning" : "busy"} />
      {words[link.value]}
    </span>
  );
}

function Clock(): JSX.Element {
  return (
    <time class="clock" dateTime={new Date(now.value).toISOString()}>
      <b>{clockTime(now.value)}</b>
      <span>{longDay(now.value)}</span>
    </time>
  );
}

/** Nobody watches the cameras: the one thing that must never be overlooked. */
function WorkerWarning(): JSX.Element | null {
  const counts = overview.value;
  if (counts === null || counts.worker?.state === "running") return null;
  const texts = text.value;
  return (
    <div class="no-worker" role="alert">
      <Icon name="warning" />
      <p>
        <strong>
          {counts.worker === null ? texts.workerMissing : texts.workerSilent(nearTime(counts.worker.since))}
        </strong>{" "}
        {texts.workerMissingHint}
      </p>
    </div>
  );
}

function Tabs(): JSX.Element {
  const tab = route.value.tab;
  return (
    <nav class="tabs" aria-label="Sharp Eyes">
      {(["events", "cameras"] as const).map((name) => (
        <a
          key={name}
          href={linkTo({ tab: name, open: null }, route.value)}
          aria-current={tab === name ? "page" : undefined}
          onClick={(event) => {
            event.preventDefault();
            go({ tab: name, open: null });
          }}
        >
          {name === "events" ? text.value.events : text.value.cameras}
        </a>
      ))}
    </nav>
  );
}

export function Header(): JSX.Element {
  return (
    <>
      <header class="top">
        <h1>
          <Icon name="eye" />
          Sharp Eyes
        </h1>
        <Overview />
        <div class="top-end">
          <LinkState />
          <Clock />
          <LanguageSwitch />
          <AccountMenu />
        </div>
      </header>
      <Nav />
      <WorkerWarning />
      <NoticeBanner />
      {desk.value === null && route.value.view === "watch" && <Tabs />}
    </>
  );
}
