import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { deskLink } from "../../desk";
import { putFilter } from "../../event-filter";
import { text, word } from "../../i18n";
import { go, isFiltered, route } from "../../route";
import { mayChangeAlerts } from "../../state/alerts";
import { timeless } from "../../state/conditions";
import { chip, furtherFilters, hoursText, quickFilters, rangeText, regionName } from "../filter-words";
import { TimeFilter } from "../filter-time";
import { Icon } from "../icons";
import { ClearFilters, InForceChips } from "../in-force";
import { Popover } from "../popover";
import { ExportMenu } from "./export-menu";
import { FurtherFilter } from "./further-filter";
import { HoursFilter } from "./hours-filter";
import { PlaceFilter } from "./place-filter";

const TYPING_PAUSE_MS = 300;

/** Words on cameras: searched by once one pauses. */
function TextBox(): JSX.Element {
  const texts = text.value.search;
  const said = route.value.text;
  const [typed, setTyped] = useState(said);
  const timer = useRef(0);
  useEffect(() => setTyped(said), [said]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const type = (words: string) => {
    setTyped(words);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => go({ text: words }, "replace"), TYPING_PAUSE_MS);
  };
  return (
    <label class="search wide" title={texts.textHint}>
      <Icon name="search" />
      <input
        type="search"
        value={typed}
        placeholder={texts.find}
        aria-label={texts.textHint}
        maxLength={128}
        onInput={(event) => type(event.currentTarget.value)}
      />
    </label>
  );
}

function OrderChip(): JSX.Element {
  const texts = text.value.search;
  const { order } = route.value;
  return (
    <button
      type="button"
      class="chip"
      title={texts.reorder}
      onClick={() => go({ order: order === "newest" ? "oldest" : "newest" })}
    >
      <Icon name={order === "newest" ? "down" : "up"} />
      {texts.orders[order]}
    </button>
  );
}

/** To a new subscription to what is searched for. */
function TellLink(): JSX.Element {
  const texts = text.value.alerts;
  const query = new URLSearchParams();
  putFilter(query, timeless(route.value));
  return (
    <a class="button chip" href={deskLink("alerts", "new", query)} title={texts.fromSearchHint}>
      <Icon name="bell" />
      {texts.fromSearch}
    </a>
  );
}

/** What is searched by, besides what the counts offer; and what can be done with what is found. */
export function SearchBar(): JSX.Element {
  const texts = text.value;
  const at = route.value;
  const range = rangeText(at);
  const hours = hoursText(at);
  const places = [...(at.region === null ? [] : [regionName(at.region)]), ...at.sectors.map((one) => word("sectors", one))];
  const isFurther = at.minScore !== null || at.minDurationS !== null || at.maxDurationS !== null || at.overlap;
  return (
    <header class="search-head">
      <div class="tools filters" role="search" aria-label={texts.search.label}>
        <TextBox />
        <Popover label={range ?? texts.time} isSet={range !== null}>
          <TimeFilter />
        </Popover>
        <Popover label={hours ?? texts.search.hours} isSet={hours !== null}>
          <HoursFilter />
        </Popover>
        <Popover label={chip(texts.search.place, places)} isSet={places.length > 0}>
          <PlaceFilter />
        </Popover>
        <Popover label={texts.search.furtherFilters} isSet={isFurther}>
          <FurtherFilter />
        </Popover>
        <span class="tools-end">
          <OrderChip />
          {mayChangeAlerts.value && <TellLink />}
          <ExportMenu />
        </span>
      </div>
      {isFiltered.value && (
        <div class="tools in-force" role="group" aria-label={texts.search.inForce}>
          <InForceChips filters={[...quickFilters(at), ...furtherFilters(at)]} />
          <ClearFilters />
        </div>
      )}
    </header>
  );
}
