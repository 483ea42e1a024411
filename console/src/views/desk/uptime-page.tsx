import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { GROUPS, readUptime, uptimeCsv, type Group, type Uptime } from "../../api/uptime";
import type { Page } from "../../api/types";
import { deskLink, setQuery } from "../../desk";
import { text, word } from "../../i18n";
import { dayOf, length } from "../../i18n/time";
import { filter, filterKey, NO_FILTER } from "../../state/catalogue";
import { asked, cityZone, dayBefore, LAST_DAYS, ownZone, period, type LastDays } from "../../state/uptime";
import { useAnswer } from "../answer";
import { Download } from "../download";
import { Empty } from "../empty";
import { Popover } from "../popover";
import { ProblemNote } from "../problem-note";
import { DayChart } from "./day-chart";
import { ClearChips, PlaceChips } from "./filter-chips";
import { Head } from "./head";
import { moodOfShare, percent, StateBar } from "./share-bar";

const POLL_MS = 60_000;

function PeriodChoice(): JSX.Element {
  const texts = text.value.uptime;
  const { last, from, to } = asked.value;
  const label = last === null ? `${from ? dayOf(from) : "…"} – ${to ? dayOf(to) : "…"}` : texts.lasts[last];
  const change = (values: { from?: string | null; to?: string | null }) =>
    setQuery({ last: null, from: period.peek().from, to: period.peek().to, ...values });
  return (
    <Popover label={label} isSet>
      <fieldset class="checks">
        <legend class="unseen">{texts.period}</legend>
        {(Object.keys(LAST_DAYS) as LastDays[]).map((one) => (
          <label key={one}>
            <input
              type="radio"
              name="last"
              checked={last === one}
              onChange={() => setQuery({ last: one === "week" ? null : one, from: null, to: null })}
            />
            {texts.lasts[one]}
          </label>
        ))}
      </fieldset>
      <label class="field">
        <span>{text.value.from}</span>
        <input
          type="date"
          value={period.value.from ?? ""}
          max={period.value.to ?? dayBefore(0, cityZone.value ?? ownZone)}
          onChange={(event) => change({ from: event.currentTarget.value || null })}
        />
      </label>
      <label class="field">
        <span>{text.value.to}</span>
        <input
          type="date"
          value={period.value.to ?? ""}
          min={period.value.from ?? undefined}
          max={dayBefore(0, cityZone.value ?? ownZone)}
          onChange={(event) => change({ to: event.currentTarget.value || null })}
        />
      </label>
    </Popover>
  );
}

function GroupChoice(): JSX.Element {
  const texts = text.value.uptime;
  return (
    <fieldset class="segments">
      <legend class="unseen">{texts.by}</legend>
      {GROUPS.map((group) => (
        <label key={group}>
          <input
            type="radio"
            name="by"
            checked={asked.value.by === group}
            onChange={() => setQuery({ by: group === "department" ? null : group })}
          />
          <span>{texts.groups[group]}</span>
        </label>
      ))}
    </fieldset>
  );
}

function nameOf({ key, name }: Uptime, by: Group): string {
  switch (by) {
    case "sector":
      return word("sectors", key);
    case "day":
      return dayOf(key);
    case "department":
    case "region":
    case "camera":
      return key === "" ? text.value.uptime.noneOf : name || key;
  }
}

/** Where a row leads: to what it is made of. */
function linkOf({ key }: Uptime, by: Group): string | null {
  if (key === "") return null;
  const values = new URLSearchParams(location.hash.split("?")[1] ?? "");
  switch (by) {
    case "camera":
      return deskLink("catalogue", key);
    case "day":
      values.set("from", key);
      values.set("to", key);
      values.delete("last");
      break;
    case "department":
    case "sector":
    case "region":
      values.set(by, key);
  }
  values.set("by", "camera");
  return deskLink("uptime", null, values);
}

function Row({ uptime, by }: { uptime: Uptime; by: Group }): JSX.Element {
  const texts = text.value.uptime;
  const { share } = uptime;
  const link = linkOf(uptime, by);
  const name = nameOf(uptime, by);
  return (
    <tr data-key={uptime.key}>
      <th scope="row">
        {link ? <a href={link}>{name}</a> : name}
        {by === "camera" && <small>{uptime.key}</small>}
      </th>
      <td class="number share-cell" data-label={texts.share}>
        {share === null ? <small>–</small> : <b class={`mood-${moodOfShare(share)}`}>{percent(share)}</b>}
      </td>
      <td class="bar-cell">
        <StateBar uptime={uptime} />
      </td>
      <td class="number" data-label={texts.offline}>
        {length(uptime.watched_s - uptime.online_s)}
      </td>
      <td class="number" data-label={texts.watched}>
        {length(uptime.watched_s)}
      </td>
    </tr>
  );
}

function Table({ items, by }: { items: readonly Uptime[]; by: Group }): JSX.Element {
  const texts = text.value.uptime;
  return (
    <table class="list cards-on-phone">
      <thead>
        <tr>
          <th scope="col">{texts.of[by]}</th>
          <th scope="col" class="number">
            {texts.share}
          </th>
          <th scope="col" class="bar-cell">
            {texts.states}
          </th>
          <th scope="col" class="number">
            {texts.offline}
          </th>
          <th scope="col" class="number">
            {texts.watched}
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((uptime) => (
          <Row key={uptime.key} uptime={uptime} by={by} />
        ))}
      </tbody>
    </table>
  );
}

function Sum({ days }: { days: readonly Uptime[] }): JSX.Element | null {
  const texts = text.value.uptime;
  const online = days.reduce((sum, { online_s }) => sum + online_s, 0);
  const watched = days.reduce((sum, { watched_s }) => sum + watched_s, 0);
  const known = days.filter((day) => day.share !== null);
  const worst = known.reduce<Uptime | null>((least, day) => ((least?.share ?? 2) > (day.share ?? 2) ? day : least), null);
  if (watched === 0) return null;
  const share = online / watched;
  return (
    <dl class="tiles">
      <div class={`mood-${moodOfShare(share)}`}>
        <dt>{texts.overall}</dt>
        <dd>{percent(share)}</dd>
      </div>
      <div>
        <dt>{texts.offline}</dt>
        <dd>{length(watched - online)}</dd>
      </div>
      {worst?.share != null && (
        <div class={`mood-${moodOfShare(worst.share)}`}>
          <dt>{`${texts.worst}${text.value.colon}${dayOf(worst.key)}`}</dt>
          <dd>{percent(worst.share)}</dd>
        </div>
      )}
    </dl>
  );
}

async function readPages(by: Group, pages: number, signal: AbortSignal): Promise<Page<Uptime>> {
  const items: Uptime[] = [];
  let next: string | null = null;
  for (let page = 0; page < pages; page++) {
    const answer: Page<Uptime> = await readUptime(
      { by, period: period.peek(), filter: filter.peek(), cursor: next },
      signal,
    );
    items.push(...answer.items);
    next = answer.next;
    if (next === null) break;
  }
  return { items, next };
}

/** Longest not live first: what needs somebody's attention. Days stay in their order. */
function ordered(items: readonly Uptime[], by: Group): readonly Uptime[] {
  if (by === "camera") return items;
  if (by === "day") return items.toReversed();
  return items.toSorted((a, b) => (a.share ?? 2) - (b.share ?? 2) || b.watched_s - a.watched_s);
}

/** How long cameras were online (在线率): by department, region, sector, day, and camera. */
export function UptimePage(): JSX.Element {
  const texts = text.value.uptime;
  const { by } = asked.value;
  const key = JSON.stringify([period.value, filterKey.value]);
  const tableKey = `${by}${key}`;
  const [more, setMore] = useState({ of: tableKey, pages: 1 });
  const pages = more.of === tableKey ? more.pages : 1;
  const days = useAnswer(
    key,
    async (signal) => {
      const found = await readUptime({ by: "day", period: period.peek(), filter: filter.peek() }, signal);
      cityZone.value = found.time_zone;
      return found;
    },
    POLL_MS,
  );
  const table = useAnswer(tableKey, (signal) => readPages(by, pages, signal), POLL_MS);
  useEffect(() => {
    if (pages > 1) table.again();
  }, [pages]);
  const problem = days.problem ?? table.problem;
  const again = () => {
    days.again();
    table.again();
  };
  const zone = cityZone.value ?? ownZone;
  const isEmpty = days.answer?.items.every(({ watched_s }) => watched_s === 0) ?? false;
  const csv = uptimeCsv({ by, period: period.value, filter: filter.value });
  return (
    <>
      <Head title={texts.title} note={zone === ownZone ? texts.about : `${texts.about} · ${texts.zone(zone)}`}>
        <Download address={csv} name="uptime.csv" words={texts.csv} />
      </Head>
      <div class="tools filters" role="search" aria-label={text.value.filters}>
        <PeriodChoice />
        <GroupChoice />
        <PlaceChips />
        <ClearChips />
      </div>
      <div class="desk-body">
        {problem && <ProblemNote problem={problem} retry={again} />}
        {!problem && !days.answer && <p class="waiting">{text.value.loading}</p>}
        {isEmpty && (
          <Empty icon="search" title={texts.none} hint={texts.noneHint}>
            <button type="button" class="quiet" onClick={() => setQuery({ ...NO_FILTER, from: null, to: null, last: null })}>
              {text.value.catalogue.clear}
            </button>
          </Empty>
        )}
        {days.answer && !isEmpty && (
          <div class="desk-top">
            <Sum days={days.answer.items} />
            {days.answer.items.length > 1 && <DayChart days={days.answer.items} />}
          </div>
        )}
        {table.answer && !isEmpty && <Table items={ordered(table.answer.items, by)} by={by} />}
        {table.answer?.next && (
          <button type="button" class="quiet more" onClick={() => setMore({ of: tableKey, pages: pages + 1 })}>
            {text.value.catalogue.more}
          </button>
        )}
      </div>
    </>
  );
}
