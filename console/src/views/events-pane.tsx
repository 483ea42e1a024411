import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { text } from "../i18n";
import { dayKey, dayName } from "../i18n/time";
import { go, isFiltered, NO_FILTERS, route } from "../route";
import { list, searchAgain } from "../state/events";
import { Empty } from "./empty";
import { EventRow } from "./event-row";
import { Filters } from "./filters";
import { Icon } from "./icons";
import { ProblemNote } from "./problem-note";

/** How far down the list may be scrolled and still count as being at its top, in pixels. */
const TOP_PX = 40;

function NoEvents(): JSX.Element {
  const texts = text.value;
  if (!isFiltered.value) return <Empty icon="eye" title={texts.noEvents} hint={texts.noEventsHint} />;
  return (
    <Empty icon="search" title={texts.noEventFound} hint={texts.noEventFoundHint}>
      <button type="button" class="quiet" onClick={() => go(NO_FILTERS)}>
        {texts.clearFilters}
      </button>
    </Empty>
  );
}

function Tail(): JSX.Element | null {
  if (list.items.value.length === 0) return null;
  if (list.atEnd.value) return <p class="waiting">{text.value.noMore}</p>;
  const isBusy = list.phase.value === "older";
  return (
    <button type="button" class="quiet more" disabled={isBusy} onClick={() => void list.older()}>
      {isBusy ? text.value.loading : text.value.loadOlder}
    </button>
  );
}

function Rows(): JSX.Element {
  const open = route.value.open;
  const rows: JSX.Element[] = [];
  let day = "";
  for (const event of list.items.value) {
    const key = dayKey(event.started_at);
    if (key !== day) {
      day = key;
      rows.push(
        <li key={key} class="day">
          <h3>{dayName(event.started_at)}</h3>
        </li>,
      );
    }
    rows.push(<EventRow key={event.id} event={event} isOpen={event.id === open} />);
  }
  return <ol class="rows">{rows}</ol>;
}

/** The events that the filters find, newest first, moving by themselves while the list stands at its top. */
export function EventsPane(): JSX.Element {
  const scroll = useRef<HTMLDivElement>(null);
  const count = list.waiting.value.length;
  const showNew = () => {
    scroll.current?.scrollTo({ top: 0 });
    list.hold(false);
  };
  const isSearching = list.phase.value === "searching";
  return (
    <section class="events" aria-label={text.value.events}>
      <Filters />
      <div
        class="scroll"
        ref={scroll}
        aria-busy={isSearching}
        onScroll={(event) => list.hold(event.currentTarget.scrollTop > TOP_PX)}
      >
        <div class="news" role="status">
          {count > 0 && (
            <button type="button" class="main" onClick={showNew}>
              <Icon name="up" />
              {text.value.newEvents(count)}
            </button>
          )}
        </div>
        {list.problem.value && <ProblemNote problem={list.problem.value} retry={searchAgain} />}
        {isSearching && list.items.value.length === 0 && <p class="waiting">{text.value.loading}</p>}
        {!isSearching && !list.problem.value && list.isEmpty.value && <NoEvents />}
        <Rows />
        <Tail />
      </div>
      <p class="keys">{text.value.keys}</p>
    </section>
  );
}
