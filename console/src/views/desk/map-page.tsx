import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { readCamera } from "../../api/cameras";
import { readPoints } from "../../api/points";
import { desk, deskLink, setQuery } from "../../desk";
import { text, word } from "../../i18n";
import { goTo, NO_FILTERS, searchLink } from "../../route";
import { cameraNames, learnNames, moodOf } from "../../state/cameras";
import { filter, filterKey, NO_FILTER } from "../../state/catalogue";
import {
  boxBetween,
  DRAWN,
  dotsOf,
  extentOf,
  spotAt,
  textOf,
  viewIn,
  viewOfAll,
  zoomed,
  type Dots,
  type View,
} from "../../state/map";
import { useAnswer } from "../answer";
import { Empty } from "../empty";
import { Icon } from "../icons";
import { ProblemNote } from "../problem-note";
import { useSize, type Size } from "../size";
import { StateBadge } from "../state-badge";
import { ClearChips, PlaceChips, StateChips } from "./filter-chips";
import { Head } from "./head";
import { MapCanvas, type Pointed } from "./map-canvas";
import { SearchBox } from "./search-box";

const POLL_MS = 15_000;
/** A link follows the view once it has stood still for so long. */
const SETTLED_MS = 400;
const LINGER_MS = 120;

/** Names of the cameras that are pointed at: the map knows numbers alone. */
function useNames(ids: readonly number[]): void {
  const key = ids.join(",");
  useEffect(() => {
    const stop = new AbortController();
    const ask = () => {
      for (const id of ids.filter((one) => !cameraNames.peek().has(one))) {
        // One that is gone keeps its number as its name.
        readCamera(id, stop.signal).then((camera) => learnNames([camera]), () => undefined);
      }
    };
    const timer = setTimeout(ask, LINGER_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [key]);
}

const nameOf = (id: number): string => cameraNames.value.get(id) ?? `#${id}`;

interface HereProps {
  dots: Dots;
  pointed: Pointed;
  size: Size;
}

function Tip({ dots, pointed: { here, x, y }, size }: HereProps): JSX.Element {
  const [first] = here;
  const id = dots.ids[first ?? 0] ?? 0;
  useNames([id]);
  const state = dots.legend[dots.states[first ?? 0] ?? 0] ?? "unknown";
  const side = x > size.width / 2 ? { right: `${size.width - x + 14}px` } : { left: `${x + 14}px` };
  return (
    <div class="tip" style={{ ...side, top: `${Math.max(4, y - 16)}px` }} aria-hidden="true">
      <b>{nameOf(id)}</b>
      <StateBadge state={state} />
      {here.length > 1 && <small>{text.value.map.several(here.length)}</small>}
    </div>
  );
}

/** Several cameras at one place: which is meant. */
function Here({ dots, pointed, size, onClose }: HereProps & { onClose: () => void }): JSX.Element {
  const ids = pointed.here.map((n) => dots.ids[n] ?? 0);
  useNames(ids);
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => panel.current?.querySelector<HTMLElement>("li a")?.focus(), []);
  const side =
    pointed.x > size.width / 2 ? { right: `${size.width - pointed.x + 8}px` } : { left: `${pointed.x + 8}px` };
  const down = pointed.y > size.height / 2 ? { bottom: `${size.height - pointed.y + 8}px` } : { top: `${pointed.y + 8}px` };
  return (
    <div
      ref={panel}
      class="here"
      style={{ ...side, ...down }}
      role="dialog"
      aria-label={text.value.map.several(ids.length)}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      <header>
        <strong>{text.value.map.several(ids.length)}</strong>
        <button type="button" class="bare" aria-label={text.value.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <ul>
        {pointed.here.map((n, place) => (
          <li key={n}>
            <a href={deskLink("catalogue", ids[place] ?? 0)}>
              {nameOf(ids[place] ?? 0)}
            </a>
            <StateBadge state={dots.legend[dots.states[n] ?? 0] ?? "unknown"} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Legend({ dots }: { dots: Dots }): JSX.Element {
  return (
    <ul class="legend">
      {DRAWN.toReversed().map((mood) => {
        const count = dots.byMood.get(mood)?.length ?? 0;
        const states = dots.legend.filter((state) => moodOf(state) === mood).map((state) => word("states", state));
        return (
          <li key={mood} class={`mood-${mood}`} title={states.join(" · ")}>
            <span class="dot">{text.value.map.moods[mood]}</span> <b>{count.toLocaleString()}</b>
          </li>
        );
      })}
    </ul>
  );
}

interface ToolsProps {
  isChoosing: boolean;
  onChoose: () => void;
  onZoom: (factor: number) => void;
  onAll: () => void;
}

function MapTools({ isChoosing, onChoose, onZoom, onAll }: ToolsProps): JSX.Element {
  const texts = text.value.map;
  return (
    <div class="map-tools">
      <button type="button" class="quiet" aria-label={texts.closer} title={texts.closer} onClick={() => onZoom(2)}>
        <Icon name="plus" />
      </button>
      <button type="button" class="quiet" aria-label={texts.wider} title={texts.wider} onClick={() => onZoom(0.5)}>
        <Icon name="minus" />
      </button>
      <button type="button" class="quiet" aria-label={texts.all} title={texts.all} onClick={onAll}>
        <Icon name="globe" />
      </button>
      <button
        type="button"
        class={isChoosing ? "main" : "quiet"}
        aria-pressed={isChoosing}
        aria-label={texts.choose}
        title={texts.chooseHint}
        onClick={onChoose}
      >
        <Icon name="box" />
      </button>
    </div>
  );
}

function CityMap({ dots, size }: { dots: Dots; size: Size }): JSX.Element {
  const [view, setView] = useState<View>(
    () => viewIn(desk.peek()?.query.get("at") ?? null) ?? viewOfAll(dots, size.width, size.height),
  );
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const [opened, setOpened] = useState<Pointed | null>(null);
  const [isChoosing, setChoosing] = useState(false);
  const { bbox } = filter.value;
  const extent = useMemo(() => extentOf(bbox), [bbox]);
  const timer = useRef(0);
  const show = (next: View) => {
    setView(next);
    setOpened(null);
    setPointed(null);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setQuery({ at: textOf(next) }, "replace"), SETTLED_MS);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  const open = (found: Pointed) => {
    const [only] = found.here;
    if (found.here.length === 1 && only !== undefined) goTo(deskLink("catalogue", dots.ids[only] ?? 0));
    else setOpened(found);
  };
  return (
    <>
      <MapCanvas
        dots={dots}
        view={view}
        size={size}
        extent={extent}
        isChoosing={isChoosing}
        pointed={pointed}
        onView={show}
        onPoint={setPointed}
        onOpen={open}
        onBox={(box) => {
          setChoosing(false);
          setQuery({ bbox: box });
        }}
      />
      <MapTools
        isChoosing={isChoosing}
        onChoose={() => setChoosing(!isChoosing)}
        onZoom={(factor) => show(zoomed(view, factor, size.width / 2, size.height / 2, size.width, size.height))}
        onAll={() => show(viewOfAll(dots, size.width, size.height))}
      />
      <Legend dots={dots} />
      {pointed && !opened && <Tip dots={dots} pointed={pointed} size={size} />}
      {opened && <Here dots={dots} pointed={opened} size={size} onClose={() => setOpened(null)} />}
    </>
  );
}

/** The area that is shown, or the one that was chosen; null where all is shown. */
function areaOf(at: string | null, chosen: string | null, size: Size | null): string | null {
  const view = viewIn(at);
  if (chosen !== null || view === null || size === null) return chosen;
  const { width, height } = size;
  return boxBetween(spotAt(view, 0, 0, width, height), spotAt(view, width, height, width, height));
}

/** The way to the events of the cameras that the map shows. */
function EventsHere({ size }: { size: Size | null }): JSX.Element {
  const { q, departments, sectors, region, bbox } = filter.value;
  const area = areaOf(desk.value?.query.get("at") ?? null, bbox, size);
  return (
    <a
      class="button quiet"
      href={searchLink({ ...NO_FILTERS, text: q, departments, sectors, region, bbox: area })}
    >
      <Icon name="search" />
      {text.value.search.eventsHere}
    </a>
  );
}

/** All cameras of a filter where they stand, by state. */
export function MapPage(): JSX.Element {
  const texts = text.value.map;
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const { answer, problem, again } = useAnswer(filterKey.value, (signal) => readPoints(filter.peek(), signal), POLL_MS);
  const fresh = useMemo(() => (answer === null ? null : dotsOf(answer)), [answer]);
  // What was found before stands until the new answer is there: the map does not blink.
  const last = useRef<Dots | null>(null);
  if (fresh !== null) last.current = fresh;
  const dots = last.current;
  const isEmpty = fresh?.ids.length === 0;
  return (
    <>
      <Head title={texts.title} note={dots ? texts.count(dots.ids.length) : undefined}>
        <EventsHere size={size} />
        <a class="button quiet" href={deskLink("catalogue", null, desk.value?.query)}>
          <Icon name="list" />
          {texts.asList}
        </a>
      </Head>
      <div class="tools filters" role="search" aria-label={text.value.catalogue.search}>
        <SearchBox />
        <PlaceChips />
        <StateChips />
        <ClearChips />
      </div>
      <div class="map-frame" ref={frame}>
        {problem && <ProblemNote problem={problem} retry={again} />}
        {!dots && !problem && <p class="waiting">{text.value.loading}</p>}
        {isEmpty && (
          <Empty icon="search" title={texts.none} hint={texts.noneHint}>
            <button type="button" class="quiet" onClick={() => setQuery(NO_FILTER)}>
              {text.value.catalogue.clear}
            </button>
          </Empty>
        )}
        {dots && dots.ids.length > 0 && size && <CityMap dots={dots} size={size} />}
      </div>
      <p class="map-how">
        <small>{texts.how}</small>
      </p>
    </>
  );
}
