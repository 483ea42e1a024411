import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { SECTORS } from "../../api/departments";
import { listRegions } from "../../api/regions";
import { setQuery } from "../../desk";
import { joined, text, word } from "../../i18n";
import { STREAM_STATES } from "../../i18n/words";
import { filter, isFiltered, NO_FILTER } from "../../state/catalogue";
import { askForRegions, departments, learnRegions, regionNames } from "../../state/names";
import { moodOf } from "../../state/cameras";
import { useAnswer } from "../answer";
import { Icon } from "../icons";
import { Popover } from "../popover";
import { ProblemNote } from "../problem-note";

function chip(name: string, chosen: readonly string[]): string {
  if (chosen.length === 0) return name;
  return chosen.length > 2 ? `${name} · ${chosen.length}` : joined(chosen);
}

interface ChecksProps<T extends string | number> {
  legend: string;
  all: readonly { value: T; words: string; mood?: string }[];
  chosen: readonly T[];
  /** The key in the address that says what is chosen. */
  name: string;
}

function Checks<T extends string | number>({ legend, all, chosen, name }: ChecksProps<T>): JSX.Element {
  const toggle = (value: T) => {
    const next = chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value];
    setQuery({ [name]: next.map(String) });
  };
  return (
    <fieldset class="checks tall">
      <legend class="unseen">{legend}</legend>
      {all.map(({ value, words, mood }) => (
        <label key={value}>
          <input type="checkbox" checked={chosen.includes(value)} onChange={() => toggle(value)} />
          <span class={mood && `mood-${mood} dot`}>{words}</span>
        </label>
      ))}
    </fieldset>
  );
}

function DepartmentChip(): JSX.Element {
  const texts = text.value.catalogue;
  const [q, setQ] = useState("");
  const chosen = filter.value.departments;
  const all = (departments.value ?? []).map(({ id, name }) => ({ value: id, words: name }));
  const nameOf = (id: number) => all.find(({ value }) => value === id)?.words ?? `#${id}`;
  const wanted = q.trim().toLowerCase();
  return (
    <Popover label={chip(texts.department, chosen.map(nameOf))} isSet={chosen.length > 0}>
      <input
        type="search"
        value={q}
        placeholder={texts.findDepartment}
        aria-label={texts.findDepartment}
        onInput={(event) => setQ(event.currentTarget.value)}
      />
      <Checks
        legend={texts.department}
        name="department"
        all={all.filter(({ words }) => words.toLowerCase().includes(wanted))}
        chosen={chosen}
      />
    </Popover>
  );
}

function RegionChoice(): JSX.Element {
  const texts = text.value.catalogue;
  const [q, setQ] = useState("");
  const chosen = filter.value.region;
  const { answer, problem } = useAnswer(q.trim(), (signal) => listRegions({ q: q.trim() || undefined }, signal));
  useEffect(() => learnRegions(answer?.items ?? []), [answer]);
  return (
    <>
      <input
        type="search"
        value={q}
        placeholder={texts.findRegion}
        aria-label={texts.findRegion}
        onInput={(event) => setQ(event.currentTarget.value)}
      />
      {problem && <ProblemNote problem={problem} />}
      <fieldset class="checks tall">
        <legend class="unseen">{texts.region}</legend>
        <label>
          <input type="radio" name="region" checked={chosen === null} onChange={() => setQuery({ region: null })} />
          {text.value.any}
        </label>
        {answer?.items.map(({ code, name, parent }) => (
          <label key={code}>
            <input type="radio" name="region" checked={chosen === code} onChange={() => setQuery({ region: code })} />
            <span>
              {name} <small>{[code, parent?.name].filter(Boolean).join(" · ")}</small>
            </span>
          </label>
        ))}
      </fieldset>
      {answer?.items.length === 0 && <p class="none">{texts.noRegions}</p>}
    </>
  );
}

function RegionChip(): JSX.Element {
  const { region } = filter.value;
  useEffect(() => askForRegions(region === null ? [] : [region]), [region]);
  const name = region === null ? text.value.catalogue.region : (regionNames.value.get(region) ?? region);
  return (
    <Popover label={name} isSet={region !== null}>
      <RegionChoice />
    </Popover>
  );
}

function Toggle({ words, isSet, onClick }: { words: string; isSet: boolean; onClick: () => void }): JSX.Element {
  return (
    <button type="button" class={isSet ? "chip set" : "chip"} aria-pressed={isSet} onClick={onClick}>
      {words}
    </button>
  );
}

/** Where the cameras belong, as chips: what they say stands in the address, so every search is a link. */
export function PlaceChips(): JSX.Element {
  const texts = text.value.catalogue;
  const { sectors } = filter.value;
  return (
    <>
      <DepartmentChip />
      <Popover label={chip(texts.sector, sectors.map((one) => word("sectors", one)))} isSet={sectors.length > 0}>
        <Checks
          legend={texts.sector}
          name="sector"
          all={SECTORS.map((value) => ({ value, words: word("sectors", value) }))}
          chosen={sectors}
        />
      </Popover>
      <RegionChip />
    </>
  );
}

/** How the cameras are, as chips. */
export function StateChips({ withRemoved = false }: { withRemoved?: boolean }): JSX.Element {
  const texts = text.value.catalogue;
  const { states, enabled, removed } = filter.value;
  return (
    <>
      <Popover label={chip(texts.state, states.map((one) => word("states", one)))} isSet={states.length > 0}>
        <Checks
          legend={texts.state}
          name="state"
          all={STREAM_STATES.map((value) => ({ value, words: word("states", value), mood: moodOf(value) }))}
          chosen={states}
        />
      </Popover>
      <Toggle
        words={texts.switchedOff}
        isSet={enabled === false}
        onClick={() => setQuery({ enabled: enabled === false ? null : "false" })}
      />
      {withRemoved && (
        <Toggle
          words={texts.removedOnes}
          isSet={removed}
          onClick={() => setQuery({ removed: removed ? null : "true" })}
        />
      )}
    </>
  );
}

/** What takes the filter away, where there is one; of a chosen area, a chip of its own. */
export function ClearChips(): JSX.Element {
  const texts = text.value.catalogue;
  return (
    <>
      {filter.value.bbox !== null && (
        <button
          type="button"
          class="chip set"
          aria-label={text.value.removeFilter(texts.inBox)}
          onClick={() => setQuery({ bbox: null })}
        >
          {texts.inBox}
          <Icon name="close" />
        </button>
      )}
      {isFiltered.value && (
        <button type="button" class="chip clear" onClick={() => setQuery(NO_FILTER)}>
          {texts.clear}
        </button>
      )}
    </>
  );
}
