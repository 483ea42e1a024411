import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { labelName, text, word } from "../../i18n";
import { KINDS } from "../../i18n/kinds";
import { COMMON_LABELS } from "../../i18n/labels";
import { go, route } from "../../route";
import { facets } from "../../state/counts";
import { departments } from "../../state/names";
import { CameraFilter } from "../filter-camera";
import { cameraName, departmentName } from "../filter-words";
import { Icon } from "../icons";
import { Popover } from "../popover";
import { SEVERITIES, SeverityTag } from "../severity";
import { Facet, optionsOf } from "./facet";

const toggled = <V,>(chosen: readonly V[], value: V): V[] =>
  chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value];

/** What the events found are of, with how many there are of each. */
export function Facets(): JSX.Element {
  const texts = text.value;
  const [isOpen, setOpen] = useState(false);
  const at = route.value;
  const counted = facets.answer.value;
  const names = new Map(counted?.departments?.counts.map(({ value, name }) => [value, name]));
  const known = (departments.value ?? []).map(({ id }) => id);
  return (
    <section
      class={isOpen ? "facets open" : "facets"}
      aria-label={texts.search.allFilters}
      aria-busy={facets.isStale.value}
    >
      <button type="button" class="chip fold-facets" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {texts.search.allFilters}
        <Icon name={isOpen ? "up" : "down"} />
      </button>
      <div class="values">
        {facets.problem.value && (
          <p class="counts-failed" role="status">
            {texts.search.countsFailed}{" "}
            <button type="button" class="bare" onClick={() => facets.again()}>
              {texts.retry}
            </button>
          </p>
        )}
        <Facet
          legend={texts.severity}
          name="severity"
          options={optionsOf(counted?.severities ?? null, at.severities, SEVERITIES)}
          isCounted={counted?.severities != null}
          atLeast={counted?.severities?.at_least ?? false}
          chosen={at.severities}
          words={(value) => <SeverityTag severity={value} />}
          onToggle={(value) => go({ severities: toggled(route.peek().severities, value) })}
        />
        <Facet
          legend={texts.label}
          name="label"
          options={optionsOf<string>(counted?.labels ?? null, at.labels, COMMON_LABELS)}
          isCounted={counted?.labels != null}
          atLeast={counted?.labels?.at_least ?? false}
          chosen={at.labels}
          words={labelName}
          onToggle={(value) => go({ labels: toggled(route.peek().labels, value) })}
        />
        <Facet
          legend={texts.kind}
          name="kind"
          options={optionsOf(counted?.kinds ?? null, at.kinds, KINDS)}
          isCounted={counted?.kinds != null}
          atLeast={counted?.kinds?.at_least ?? false}
          chosen={at.kinds}
          words={(value) => word("kinds", value)}
          onToggle={(value) => go({ kinds: toggled(route.peek().kinds, value) })}
        />
        <Facet
          legend={texts.catalogue.department}
          name="department"
          options={optionsOf(counted?.departments ?? null, at.departments, known)}
          isCounted={counted?.departments != null}
          atLeast={counted?.departments?.at_least ?? false}
          chosen={at.departments}
          words={(value) => names.get(value) || departmentName(value)}
          onToggle={(value) => go({ departments: toggled(route.peek().departments, value) })}
        />
        <Facet
          legend={texts.camera}
          name="camera"
          options={optionsOf(counted?.cameras ?? null, at.cameras, [])}
          isCounted={counted?.cameras != null}
          atLeast={counted?.cameras?.at_least ?? false}
          chosen={at.cameras}
          words={cameraName}
          onToggle={(value) => go({ cameras: toggled(route.peek().cameras, value) })}
        >
          <Popover label={texts.search.otherCamera} isSet={false}>
            <CameraFilter />
          </Popover>
        </Facet>
      </div>
    </section>
  );
}
