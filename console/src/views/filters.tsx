import type { JSX } from "preact";
import { joined, labelName, text, word } from "../i18n";
import { shortTime } from "../i18n/time";
import { go, isFiltered, NO_FILTERS, route, type Route } from "../route";
import { cameraNames } from "../state/cameras";
import { CameraFilter } from "./filter-camera";
import { KindFilter } from "./filter-kind";
import { LabelFilter } from "./filter-label";
import { TimeFilter } from "./filter-time";
import { Icon } from "./icons";
import { Popover } from "./popover";
import { SEVERITIES } from "./severity";

const SCORE_STEP = 0.05;

function chip(name: string, chosen: readonly string[]): string {
  if (chosen.length === 0) return name;
  return chosen.length > 2 ? `${name} · ${chosen.length}` : joined(chosen);
}

function timeText(at: Route): string {
  const texts = text.value;
  if (at.last) return { hour: texts.lastHour, day: texts.lastDay, week: texts.lastWeek }[at.last];
  if (!at.from && !at.to) return texts.time;
  return `${at.from ? shortTime(at.from) : "…"} – ${at.to ? shortTime(at.to) : "…"}`;
}

function SeverityFilter(): JSX.Element {
  const chosen = route.value.severities;
  return (
    <fieldset class="checks">
      <legend>{text.value.severityHint}</legend>
      {SEVERITIES.map((one) => (
        <label key={one}>
          <input
            type="checkbox"
            checked={chosen.includes(one)}
            onChange={() => go({ severities: SEVERITIES.filter((s) => chosen.includes(s) !== (s === one)) })}
          />
          <span class={`severity s${one}`}>
            <b>{one}</b>
            {word("severities", one)}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function ScoreFilter(): JSX.Element {
  const score = route.value.minScore;
  return (
    <label class="range">
      <output>{score === null ? text.value.anyScore : text.value.atLeast(score.toFixed(2))}</output>
      <input
        type="range"
        min={0}
        max={0.95}
        step={SCORE_STEP}
        value={score ?? 0}
        aria-label={text.value.score}
        onInput={(event) => go({ minScore: Number(event.currentTarget.value) || null }, "replace")}
      />
    </label>
  );
}

/** The filters as chips: what they say stands in the address, so every search is a link. */
export function Filters(): JSX.Element {
  const at = route.value;
  const texts = text.value;
  const cameras = at.cameras.map((id) => cameraNames.value.get(id) ?? `#${id}`);
  return (
    <div class="tools filters" role="search" aria-label={texts.filters}>
      <h2>{texts.events}</h2>
      <Popover label={chip(texts.label, at.labels.map(labelName))} isSet={at.labels.length > 0}>
        <LabelFilter />
      </Popover>
      <Popover label={chip(texts.kind, at.kinds.map((kind) => word("kinds", kind)))} isSet={at.kinds.length > 0}>
        <KindFilter />
      </Popover>
      <Popover label={chip(texts.camera, cameras)} isSet={at.cameras.length > 0}>
        <CameraFilter />
      </Popover>
      <Popover label={chip(texts.severity, at.severities.map((s) => word("severities", s)))} isSet={at.severities.length > 0}>
        <SeverityFilter />
      </Popover>
      <Popover label={timeText(at)} isSet={at.last !== null || at.from !== null || at.to !== null}>
        <TimeFilter />
      </Popover>
      <Popover
        label={at.minScore === null ? texts.score : `${texts.score} ${texts.atLeast(at.minScore.toFixed(2))}`}
        isSet={at.minScore !== null}
      >
        <ScoreFilter />
      </Popover>
      {isFiltered.value && (
        <button type="button" class="chip clear" onClick={() => go(NO_FILTERS)}>
          <Icon name="close" />
          {texts.clearFilters}
        </button>
      )}
    </div>
  );
}
