import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { labelName, text, word } from "../../i18n";
import { askForNames } from "../../state/cameras";
import { FaultOf } from "../fault";
import { CameraFilter } from "../filter-camera";
import { DepartmentFilter } from "../filter-department";
import { DurationFilter } from "../filter-duration";
import { KindFilter } from "../filter-kind";
import { LabelFilter } from "../filter-label";
import { ScoreFilter } from "../filter-score";
import { SectorFilter } from "../filter-sector";
import { SeverityFilter } from "../filter-severity";
import { cameraName, chip, departmentName, furtherFilters, regionName } from "../filter-words";
import { useFilter } from "../filtering";
import { InForceChips } from "../in-force";
import { Popover } from "../popover";
import { RegionTree } from "../search/region-tree";
import { SEVERITIES } from "../severity";
import type { PartProps } from "./subscription-form";

/** What a search may have brought along and the form has no part for: it can be taken away. */
const WITHOUT_PART = /^(hours|bbox|near|polygon|zones|lines)\b/;

/** Enter in a part's search box is no wish to save the form. */
function keepForm(event: KeyboardEvent): void {
  if (event.key === "Enter" && event.target instanceof HTMLInputElement) event.preventDefault();
}

/** The parts of a search that ask for what is to come. */
function FilterParts(): JSX.Element {
  const texts = text.value;
  const at = useFilter().at.value;
  const places = [...(at.region === null ? [] : [regionName(at.region)]), ...at.sectors.map((one) => word("sectors", one))];
  const severities = at.severities.map((one) => word("severities", one));
  const kinds = at.kinds.map((one) => word("kinds", one));
  return (
    <div class="tools filters" onKeyDown={keepForm}>
      <Popover label={chip(texts.label, at.labels.map(labelName))} isSet={at.labels.length > 0}>
        <LabelFilter />
      </Popover>
      <Popover label={chip(texts.kind, kinds)} isSet={kinds.length > 0}>
        <KindFilter />
      </Popover>
      <Popover label={chip(texts.severity, severities)} isSet={severities.length > 0}>
        <SeverityFilter />
      </Popover>
      <Popover
        label={chip(texts.catalogue.department, at.departments.map(departmentName))}
        isSet={at.departments.length > 0}
      >
        <DepartmentFilter />
      </Popover>
      <Popover label={chip(texts.camera, at.cameras.map(cameraName))} isSet={at.cameras.length > 0}>
        <CameraFilter />
      </Popover>
      <Popover label={chip(texts.search.place, places)} isSet={places.length > 0}>
        <RegionTree />
        <SectorFilter />
      </Popover>
      <Popover
        label={texts.search.furtherFilters}
        isSet={at.minScore !== null || at.minDurationS !== null || at.maxDurationS !== null}
      >
        <fieldset class="field">
          <legend>{texts.score}</legend>
          <ScoreFilter />
        </fieldset>
        <DurationFilter />
      </Popover>
    </div>
  );
}

/** Of which events is told: what a search asks for, and how urgent at least. */
export function FilterFields({ draft, alter }: PartProps): JSX.Element {
  const texts = text.value.alerts;
  const { at, alter: alterFilter } = useFilter();
  useEffect(() => askForNames(at.value.cameras), [at.value.cameras]);
  const inForce = furtherFilters(at.value).filter(({ key }) => WITHOUT_PART.test(key));
  return (
    <fieldset class="group fields">
      <legend>{texts.groups.what}</legend>
      <div class="field">
        <FilterParts />
        {inForce.length > 0 && (
          <div class="tools in-force" role="group" aria-label={text.value.search.inForce}>
            <InForceChips filters={inForce} />
          </div>
        )}
        <small>{texts.filterHint}</small>
        <FaultOf field="filter" />
      </div>
      <div class="pair">
        <label class="field">
          <span>{texts.words}</span>
          <input
            name="q"
            value={at.value.text}
            maxLength={128}
            autocomplete="off"
            onInput={(event) => alterFilter({ text: event.currentTarget.value })}
          />
          <small>{texts.wordsHint}</small>
        </label>
        <label class="field">
          <span>{texts.fields.min_severity}</span>
          <select
            name="min_severity"
            value={draft.min_severity}
            onChange={(event) =>
              alter({ min_severity: SEVERITIES.find((one) => String(one) === event.currentTarget.value) ?? 4 })
            }
          >
            {SEVERITIES.map((one) => (
              <option key={one} value={one}>
                {`${one} · ${word("severities", one)}`}
              </option>
            ))}
          </select>
          <small>{texts.severityHint}</small>
          <FaultOf field="min_severity" />
        </label>
      </div>
    </fieldset>
  );
}
