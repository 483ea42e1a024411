import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { listWorkers, readCity, type Counts, type Worker } from "../../api/overview";
import { desk, deskLink } from "../../desk";
import { text, word } from "../../i18n";
import { dateTime, length, now } from "../../i18n/time";
import { askForRegions, regionNames } from "../../state/names";
import { may } from "../../state/session";
import { useAnswer } from "../answer";
import { Empty } from "../empty";
import { Icon } from "../icons";
import { Instant } from "../instant";
import { ProblemNote } from "../problem-note";
import { Head } from "./head";
import { moodOfShare, percent } from "./share-bar";

const POLL_MS = 5_000;

function Tiles({ counts }: { counts: Counts }): JSX.Element {
  const texts = text.value.overview;
  const offline = Math.max(0, counts.enabled - counts.online);
  const share = counts.enabled === 0 ? null : Math.min(1, counts.online / counts.enabled);
  return (
    <dl class="tiles">
      <div>
        <dt>{texts.registered}</dt>
        <dd>{counts.registered.toLocaleString()}</dd>
      </div>
      <div>
        <dt>{texts.enabled}</dt>
        <dd>{counts.enabled.toLocaleString()}</dd>
      </div>
      <div class={share === null ? "" : `mood-${moodOfShare(share)}`}>
        <dt>{texts.online}</dt>
        <dd>
          {counts.online.toLocaleString()}
          {share !== null && <small>{`${percent(share)} ${texts.ofEnabled}`}</small>}
        </dd>
      </div>
      <div class={offline > 0 ? "mood-bad" : ""}>
        <dt>{texts.offline}</dt>
        <dd>{offline.toLocaleString()}</dd>
      </div>
    </dl>
  );
}

/** Live ones, those switched on that are not, and the rest, as a bar as long as there are cameras. */
function CountBar({ counts, most }: { counts: Counts; most: number }): JSX.Element {
  const part = (count: number) => ({ width: `${(Math.max(0, count) / Math.max(1, most)) * 100}%` });
  return (
    <span class="state-bar open" aria-hidden="true">
      <span class="mood-good" style={part(counts.online)} />
      <span class="mood-bad" style={part(counts.enabled - counts.online)} />
      <span class="mood-none" style={part(counts.registered - Math.max(counts.enabled, counts.online))} />
    </span>
  );
}

interface RowOf extends Counts {
  key: string | number;
  name: string;
  note?: string;
  link: string;
  /** Where what is below it is shown. */
  below?: string;
}

/** The largest first: that is where most is to be looked after. */
const bySize = (a: RowOf, b: RowOf): number => b.registered - a.registered;

function CountTable({ title, rows, none }: { title: string; rows: RowOf[]; none: string }): JSX.Element {
  const texts = text.value.overview;
  const most = Math.max(1, ...rows.map(({ registered }) => registered));
  return (
    <section class="group counts" aria-label={title}>
      {rows.length === 0 && <p class="none">{none}</p>}
      {rows.length > 0 && (
        <table class="list">
          <thead>
            <tr>
              <th scope="col">{title}</th>
              <th class="bar-cell" />
              <th scope="col" class="number">
                {texts.registered}
              </th>
              <th scope="col" class="number">
                {texts.enabled}
              </th>
              <th scope="col" class="number">
                {texts.online}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.toSorted(bySize).map((row) => (
              <tr key={row.key} data-key={row.key}>
                <th scope="row">
                  <a href={row.link}>{row.name}</a>
                  {row.below && (
                    <a class="button bare" href={row.below} title={texts.below} aria-label={`${texts.below}: ${row.name}`}>
                      <Icon name="down" />
                    </a>
                  )}
                  {row.note && <small>{row.note}</small>}
                </th>
                <td class="bar-cell">
                  <CountBar counts={row} most={most} />
                </td>
                <td class="number">{row.registered.toLocaleString()}</td>
                <td class="number">{row.enabled.toLocaleString()}</td>
                <td class="number">{row.online.toLocaleString()}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** What it carries, for each part of its share: compared with that of the others. */
const loadOf = ({ weight, capacity }: Worker): number => (capacity > 0 ? weight / capacity : 0);

function WorkerRow({ worker, most }: { worker: Worker; most: number }): JSX.Element {
  const texts = text.value.overview;
  const isRunning = worker.state === "running";
  return (
    <tr data-worker={worker.id} class={isRunning ? "" : "mood-bad"}>
      <th scope="row">{worker.name}</th>
      <td data-label={texts.state}>
        <span class={`badge mood-${isRunning ? "good" : "bad"}`}>
          <Icon name={isRunning ? "live" : "warning"} />
          {texts.states[worker.state]}
        </span>
      </td>
      <td class="number" data-label={texts.cameras}>
        {worker.cameras.toLocaleString()}
      </td>
      <td class="number" data-label={texts.load} title={texts.loadHint}>
        {worker.weight.toLocaleString(undefined, { maximumFractionDigits: 1 })} / {worker.capacity.toLocaleString()}
      </td>
      <td class="bar-cell">
        <span class="state-bar open" aria-hidden="true">
          <span class="mood-busy" style={{ width: `${(loadOf(worker) / most) * 100}%` }} />
        </span>
      </td>
      <td data-label={texts.heard}>
        <Instant at={worker.heartbeat_at}>
          {isRunning ? texts.states.running : length(Math.max(0, (now.value - Date.parse(worker.heartbeat_at)) / 1000))}
        </Instant>
      </td>
      <td data-label={texts.since}>
        <Instant at={worker.since}>{dateTime(worker.since)}</Instant>
      </td>
    </tr>
  );
}

function Workers(): JSX.Element {
  const texts = text.value.overview;
  const { answer, problem, again } = useAnswer("workers", listWorkers, POLL_MS);
  return (
    <section class="group counts" aria-label={texts.workers}>
      <h3>{texts.workers}</h3>
      <small>{texts.workersAbout}</small>
      {problem && <ProblemNote problem={problem} retry={again} />}
      {!answer && !problem && <p class="waiting">{text.value.loading}</p>}
      {answer?.items.length === 0 && <p class="none">{texts.noWorkers}</p>}
      {answer && answer.items.length > 0 && (
        <table class="list cards-on-phone">
          <thead>
            <tr>
              <th scope="col">{texts.worker}</th>
              <th scope="col">{texts.state}</th>
              <th scope="col" class="number">
                {texts.cameras}
              </th>
              <th scope="col" class="number">
                {texts.load}
              </th>
              <th class="bar-cell" />
              <th scope="col">{texts.heard}</th>
              <th scope="col">{texts.since}</th>
            </tr>
          </thead>
          <tbody>
            {answer.items.map((worker) => (
              <WorkerRow key={worker.id} worker={worker} most={Math.max(Number.EPSILON, ...answer.items.map(loadOf))} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

const catalogueOf = (key: string, value: string | number): string =>
  deskLink("catalogue", null, new URLSearchParams({ [key]: String(value) }));

/** The city in numbers, by department, region and sector; and who watches it. */
export function OverviewPage(): JSX.Element {
  const texts = text.value.overview;
  const region = desk.value?.query.get("region") ?? null;
  const { answer, problem, again } = useAnswer(region ?? "", (signal) => readCity(region, signal), POLL_MS);
  useEffect(() => askForRegions(region === null ? [] : [region]), [region]);
  const regionTitle = region === null ? texts.byRegion : (regionNames.value.get(region) ?? region);
  return (
    <>
      <Head title={texts.title} />
      <div class="desk-body padded">
        {problem && <ProblemNote problem={problem} retry={again} />}
        {!answer && !problem && <p class="waiting">{text.value.loading}</p>}
        {answer?.cameras === 0 && (
          <Empty icon="camera" title={texts.none} hint={may.value.cameras ? texts.noneHint : text.value.noCamerasForYou}>
            {may.value.cameras && (
              <a class="button main" href={deskLink("import")}>
                {text.value.catalogue.pages.import}
              </a>
            )}
          </Empty>
        )}
        {answer && answer.cameras > 0 && (
          <>
            <Tiles counts={{ registered: answer.cameras, enabled: answer.enabled, online: answer.online }} />
            <div class="columns">
              <CountTable
                title={texts.byDepartment}
                none={texts.none}
                rows={answer.by_department.map((one) => ({
                  ...one,
                  key: one.id,
                  note: word("sectors", one.kind),
                  link: catalogueOf("department", one.id),
                }))}
              />
              <div class="stack">
                {region !== null && (
                  <a class="button quiet" href={deskLink("overview")}>
                    <Icon name="back" />
                    {texts.allRegions}
                  </a>
                )}
                <CountTable
                  title={regionTitle}
                  none={texts.noRegions}
                  rows={answer.by_region.map((one) => ({
                    ...one,
                    key: one.code,
                    note: one.code,
                    link: catalogueOf("region", one.code),
                    below: deskLink("overview", null, new URLSearchParams({ region: one.code })),
                  }))}
                />
                <CountTable
                  title={texts.bySector}
                  none={texts.none}
                  rows={answer.by_sector.map((one) => ({
                    ...one,
                    key: one.sector,
                    name: word("sectors", one.sector),
                    link: catalogueOf("sector", one.sector),
                  }))}
                />
              </div>
            </div>
          </>
        )}
        {may.value.city && <Workers />}
      </div>
    </>
  );
}
