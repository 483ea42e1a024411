import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { text } from "../i18n";
import { dateTime, dayKey, dayName } from "../i18n/time";
import { go, isFiltered, NO_FILTERS, route } from "../route";
import { list, searchAgain } from "../state/events";
import { Empty } from "./empty";
import { EventRow } from "./event-row";
import { Icon } from "./icons";
import { SearchProblem } from "./search-problem";

/** How far down the list may be scrolled and still count as being at its top, in pixels. */
const TOP_PX = 40;
/** The next page is read when the end of the list is so near. */
const NEAR = "800px";

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

/** A search that was cut short says how far it looked, and goes on when it is told to. */
function CutShort({ at }: { at: string }): JSX.Element {
  const texts = text.value.search;
  const isBusy = list.phase.value === "going on";
  return (
    <div class="cut-short" role="status">
      <p>
        {list.isEmpty.value && `${texts.nothingYet} `}
        {texts.searchedTo[route.value.order](dateTime(at))}
      </p>
      <button type="button" class="quiet" disabled={isBusy} onClick={() => void list.goOn()}>
        {isBusy ? text.value.loading : texts.goOn}
      </button>
    </div>
  );
}

/** The way to the next page, which comes by itself once the end of the list is near. */
function NextPage(): JSX.Element {
  const button = useRef<HTMLButtonElement>(null);
  const isBusy = list.phase.value === "going on";
  const { length } = list.items.value;
  const hasFailed = list.problem.value !== null;
  useEffect(() => {
    const target = button.current;
    if (target === null || hasFailed || isBusy) return undefined;
    const onSight: IntersectionObserverCallback = (entries) => {
      if (entries.some((entry) => entry.isIntersecting)) void list.goOn();
    };
    const observer = new IntersectionObserver(onSight, { root: target.closest(".scroll"), rootMargin: NEAR });
    observer.observe(target);
    return () => observer.disconnect();
  }, [length, hasFailed, isBusy]);
  return (
    <button ref={button} type="button" class="quiet more" disabled={isBusy} onClick={() => void list.goOn()}>
      {isBusy ? text.value.loading : text.value.search.loadMore[route.value.order]}
    </button>
  );
}

function Tail(): JSX.Element | null {
  const searchedTo = list.searchedTo.value;
  if (searchedTo !== null) return <CutShort at={searchedTo} />;
  if (list.items.value.length === 0) return null;
  if (list.atEnd.value) return <p class="waiting">{text.value.search.theEnd[route.value.order]}</p>;
  return <NextPage />;
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

/** The events that the filters find, moving by themselves while the list stands at its top. */
export function EventScroll(): JSX.Element {
  const scroll = useRef<HTMLDivElement>(null);
  const count = list.waiting.value.length;
  const showNew = () => {
    scroll.current?.scrollTo({ top: 0 });
    list.hold(false);
  };
  const isSearching = list.phase.value === "searching";
  const problem = list.problem.value;
  const foundNothing = !isSearching && !problem && list.isEmpty.value && list.searchedTo.value === null;
  return (
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
      {problem && <SearchProblem problem={problem} retry={searchAgain} />}
      {isSearching && list.items.value.length === 0 && <p class="waiting">{text.value.loading}</p>}
      {foundNothing && <NoEvents />}
      <Rows />
      {!isSearching && <Tail />}
    </div>
  );
}
