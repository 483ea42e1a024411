import type { JSX } from "preact";
import { labelName, text, word } from "../i18n";
import { isFiltered, route, searchLink } from "../route";
import { CameraFilter } from "./filter-camera";
import { KindFilter } from "./filter-kind";
import { LabelFilter } from "./filter-label";
import { ScoreFilter } from "./filter-score";
import { SeverityFilter } from "./filter-severity";
import { TimeFilter } from "./filter-time";
import { cameraName, chip, furtherFilters, rangeText } from "./filter-words";
import { Icon } from "./icons";
import { ClearFilters, InForceChips } from "./in-force";
import { Popover } from "./popover";

/** The filters as chips: what they say stands in the address, so every search is a link. */
export function Filters(): JSX.Element {
  const at = route.value;
  const texts = text.value;
  const range = rangeText(at);
  return (
    <div class="tools filters" role="search" aria-label={texts.filters}>
      <h2>{texts.events}</h2>
      <Popover label={chip(texts.label, at.labels.map(labelName))} isSet={at.labels.length > 0}>
        <LabelFilter />
      </Popover>
      <Popover label={chip(texts.kind, at.kinds.map((kind) => word("kinds", kind)))} isSet={at.kinds.length > 0}>
        <KindFilter />
      </Popover>
      <Popover label={chip(texts.camera, at.cameras.map(cameraName))} isSet={at.cameras.length > 0}>
        <CameraFilter />
      </Popover>
      <Popover label={chip(texts.severity, at.severities.map((s) => word("severities", s)))} isSet={at.severities.length > 0}>
        <SeverityFilter />
      </Popover>
      <Popover label={range ?? texts.time} isSet={range !== null}>
        <TimeFilter />
      </Popover>
      <Popover
        label={at.minScore === null ? texts.score : `${texts.score} ${texts.atLeast(at.minScore.toFixed(2))}`}
        isSet={at.minScore !== null}
      >
        <ScoreFilter />
      </Popover>
      <InForceChips filters={furtherFilters(at)} />
      {isFiltered.value && <ClearFilters />}
      <a class="button chip open-search" href={searchLink(at)} title={texts.search.openSearchHint}>
        <Icon name="search" />
        {texts.search.openSearch}
      </a>
    </div>
  );
}
