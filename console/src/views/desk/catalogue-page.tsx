import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { exportAddress, listCatalogue, type ExportFormat } from "../../api/catalogue";
import { restoreRecord } from "../../api/record";
import type { Camera, Page } from "../../api/types";
import { desk, deskLink, setQuery } from "../../desk";
import { text, word } from "../../i18n";
import { goTo, linkTo } from "../../route";
import { refreshCameras, stateOf } from "../../state/cameras";
import { filter, filterKey, isFiltered, NO_FILTER } from "../../state/catalogue";
import { askForRegions, departments, regionNames } from "../../state/names";
import { may } from "../../state/session";
import { useAct } from "../act";
import { useAnswer } from "../answer";
import { Download } from "../download";
import { Empty } from "../empty";
import { Icon } from "../icons";
import { ProblemNote } from "../problem-note";
import { StateBadge } from "../state-badge";
import { ClearChips, PlaceChips, StateChips } from "./filter-chips";
import { Head } from "./head";
import { SearchBox } from "./search-box";

const PAGE = 100;
const POLL_MS = 10_000;
/** So long a list is no more asked for again by itself: it is being read, not watched. */
const WATCHED_PAGES = 3;

/** The first `pages` pages of what the filter finds. */
async function readPages(pages: number, signal: AbortSignal): Promise<Page<Camera>> {
  const found: Camera[] = [];
  let next: string | null = null;
  for (let page = 0; page < pages; page++) {
    const answer: Page<Camera> = await listCatalogue(filter.peek(), PAGE, next, signal);
    found.push(...answer.items);
    next = answer.next;
    if (next === null) break;
  }
  return { items: found, next };
}

function Exports(): JSX.Element {
  const texts = text.value.catalogue;
  const words: Record<ExportFormat, string> = { csv: texts.csv, geojson: texts.geojson };
  return (
    <>
      {(["csv", "geojson"] as const).map((format) => (
        <Download
          key={format}
          address={exportAddress(filter.value, format)}
          name={`cameras.${format}`}
          words={words[format]}
          title={texts.exportHint}
        />
      ))}
    </>
  );
}

function sectorOf(camera: Camera): string {
  const kind = departments.value?.find(({ id }) => id === camera.department.id)?.kind;
  return kind === undefined ? "" : word("sectors", kind);
}

function RowState({ camera }: { camera: Camera }): JSX.Element {
  if (!filter.value.removed) return <StateBadge state={stateOf(camera)} />;
  return (
    <span class="badge mood-quiet">
      <Icon name="bin" />
      {text.value.catalogue.removedOnes}
    </span>
  );
}

/** Brings a removed camera back, and leads to its record. */
function Restore({ camera }: { camera: Camera }): JSX.Element {
  const texts = text.value.record;
  const { isBusy, problem, act } = useAct();
  const restore = () =>
    act(async () => {
      await restoreRecord(camera.id);
      goTo(deskLink("catalogue", camera.id));
      await refreshCameras();
    });
  return (
    <>
      <button
        type="button"
        class="quiet"
        disabled={isBusy}
        aria-label={`${texts.restore}: ${camera.name}`}
        onClick={restore}
      >
        {texts.restore}
      </button>
      {problem && <ProblemNote problem={problem} />}
    </>
  );
}

function Row({ camera }: { camera: Camera }): JSX.Element {
  const texts = text.value.catalogue;
  const { columns } = texts;
  const { removed } = filter.value;
  const region = camera.region === null ? null : (regionNames.value.get(camera.region) ?? camera.region);
  const device = [camera.manufacturer, camera.model].filter(Boolean).join(" ");
  return (
    <tr data-camera={camera.id}>
      <td data-label={columns.state}>
        <RowState camera={camera} />
      </td>
      <th scope="row">
        {removed ? camera.name : <a href={deskLink("catalogue", camera.id)}>{camera.name}</a>}
        <small>{[camera.id, camera.own_id].filter(Boolean).join(" · ")}</small>
      </th>
      <td data-label={columns.owner}>
        {camera.department.name} <small>{sectorOf(camera)}</small>
      </td>
      <td data-label={columns.place}>
        {region ?? camera.address ?? <small>{texts.noPlace}</small>} {region && <small>{camera.address}</small>}
      </td>
      <td data-label={columns.code} class="code">
        {camera.gb_code ?? <small>{texts.noCode}</small>}
      </td>
      <td data-label={columns.device}>{device || <small>–</small>}</td>
      <td class="row-acts">
        {removed && may.value.cameras && <Restore camera={camera} />}
        {!removed && (
          <a
            class="button bare"
            href={linkTo({ site: camera.id, tab: "cameras", open: null })}
            title={texts.watch}
            aria-label={`${texts.watch}: ${camera.name}`}
          >
            <Icon name="camera" />
          </a>
        )}
      </td>
    </tr>
  );
}

function Nothing(): JSX.Element {
  const texts = text.value.catalogue;
  if (!isFiltered.value && !may.value.cameras) {
    return <Empty icon="camera" title={texts.none} hint={text.value.noCamerasForYou} />;
  }
  if (!isFiltered.value) {
    return (
      <Empty icon="camera" title={texts.none} hint={texts.noneHint}>
        <a class="button main" href={deskLink("import")}>
          {texts.pages.import}
        </a>
      </Empty>
    );
  }
  const isRemoved = filter.value.removed;
  return (
    <Empty
      icon="search"
      title={isRemoved ? texts.noneRemoved : texts.noneFound}
      hint={isRemoved ? texts.noneRemovedHint : texts.noneFoundHint}
    >
      <button type="button" class="quiet" onClick={() => setQuery(NO_FILTER)}>
        {texts.clear}
      </button>
    </Empty>
  );
}

/** All cameras of the city, searched and filtered: a row each. */
export function CataloguePage(): JSX.Element {
  const texts = text.value.catalogue;
  const { columns } = texts;
  const [pages, setPages] = useState({ of: filterKey.value, count: 1 });
  const count = pages.of === filterKey.value ? pages.count : 1;
  const pollMs = count <= WATCHED_PAGES ? POLL_MS : undefined;
  const { answer, problem, again } = useAnswer(filterKey.value, (signal) => readPages(count, signal), pollMs);
  useEffect(() => {
    if (count > 1) again();
  }, [count]);
  useEffect(() => askForRegions(answer?.items.flatMap(({ region }) => region ?? []) ?? []), [answer]);
  const items = answer?.items;
  const note = items && items.length > 0 ? texts.shown(items.length, answer.next !== null) : undefined;
  return (
    <>
      <Head title={texts.pages.catalogue} note={note}>
        <a class="button quiet" href={deskLink("map", null, desk.value?.query)}>
          <Icon name="zone" />
          {texts.onMap}
        </a>
        <Exports />
        {may.value.cameras && (
          <a class="button main" href={deskLink("catalogue", "new")}>
            <Icon name="plus" />
            {texts.add}
          </a>
        )}
      </Head>
      <div class="tools filters" role="search" aria-label={texts.search}>
        <SearchBox />
        <PlaceChips />
        <StateChips withRemoved />
        <ClearChips />
      </div>
      <div class="desk-body">
        {problem && <ProblemNote problem={problem} retry={again} />}
        {!items && !problem && <p class="waiting">{text.value.loading}</p>}
        {items?.length === 0 && <Nothing />}
        {items && items.length > 0 && (
          <table class="list cards-on-phone">
            <thead>
              <tr>
                <th scope="col">{columns.state}</th>
                <th scope="col">{columns.camera}</th>
                <th scope="col">{columns.owner}</th>
                <th scope="col">{columns.place}</th>
                <th scope="col">{columns.code}</th>
                <th scope="col">{columns.device}</th>
                <th>
                  <span class="unseen">{texts.watch}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((camera) => (
                <Row key={camera.id} camera={camera} />
              ))}
            </tbody>
          </table>
        )}
        {answer?.next && (
          <button type="button" class="quiet more" onClick={() => setPages({ of: filterKey.value, count: count + 1 })}>
            {texts.more}
          </button>
        )}
      </div>
    </>
  );
}
