import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { allRegions, removeRegion, type Region } from "../../api/regions";
import { desk, deskLink, setQuery } from "../../desk";
import { text } from "../../i18n";
import { learnRegions } from "../../state/names";
import { may } from "../../state/session";
import { asTree, type Placed } from "../../state/tree";
import { useAnswer } from "../answer";
import { Confirm } from "../confirm";
import { Empty } from "../empty";
import { Icon } from "../icons";
import { ProblemNote } from "../problem-note";
import { Head } from "./head";
import { RegionForm } from "./region-form";

type Open = { what: "add"; parent: string } | { what: "change" | "remove"; region: Region };

interface RowProps {
  placed: Placed<Region>;
  isOpen: boolean;
  onFold: () => void;
  onOpen: (open: Open) => void;
}

function Row({ placed: { one: region, depth, below }, isOpen, onFold, onOpen }: RowProps): JSX.Element {
  const texts = text.value.owners;
  const act = (icon: "plus" | "pencil" | "bin", words: string, open: Open) => (
    <button type="button" class="bare" title={words} aria-label={`${words}: ${region.name}`} onClick={() => onOpen(open)}>
      <Icon name={icon} />
    </button>
  );
  const fold = isOpen ? texts.fold : texts.unfold;
  return (
    <tr data-region={region.code}>
      <th scope="row">
        <span class={`level level-${Math.min(depth, 5)}`}>
          {below > 0 ? (
            <button
              type="button"
              class="bare fold"
              aria-expanded={isOpen}
              aria-label={`${fold}: ${region.name}`}
              title={fold}
              onClick={onFold}
            >
              <Icon name={isOpen ? "down" : "right"} />
            </button>
          ) : (
            <span class="fold" />
          )}
          <a href={deskLink("catalogue", null, new URLSearchParams({ region: region.code }))} title={texts.cameras}>
            {region.name}
          </a>
        </span>
      </th>
      <td class="code">{region.code}</td>
      {may.value.city && (
        <td class="row-acts">
          {act("plus", texts.addBelow, { what: "add", parent: region.code })}
          {act("pencil", texts.change, { what: "change", region })}
          {act("bin", text.value.remove, { what: "remove", region })}
        </td>
      )}
    </tr>
  );
}

/** So many levels stand open at first: province, city, district. */
const OPEN_LEVELS = 2;

/** The rows that are not folded away, with what is open of them. */
function unfolded(rows: readonly Placed<Region>[], turned: ReadonlySet<string>) {
  let hiddenBelow = Number.POSITIVE_INFINITY;
  return rows.flatMap((placed) => {
    if (placed.depth > hiddenBelow) return [];
    const isOpen = placed.depth < OPEN_LEVELS !== turned.has(placed.one.code);
    hiddenBelow = isOpen ? Number.POSITIVE_INFINITY : placed.depth;
    return [{ placed, isOpen }];
  });
}

/** Administrative areas: a tree by code. */
export function RegionsPage(): JSX.Element {
  const texts = text.value.owners;
  const [open, setOpen] = useState<Open | null>(null);
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  const { answer, problem, again } = useAnswer("regions", allRegions);
  useEffect(() => learnRegions(answer?.items ?? []), [answer]);
  const q = desk.value?.query.get("q") ?? "";
  const wanted = q.trim().toLowerCase();
  const all = answer?.items ?? [];
  const rows =
    wanted === ""
      ? unfolded(asTree(all, ({ code }) => code, ({ parent }) => parent?.code ?? null), turned)
      : all
          .filter(({ name, code }) => name.toLowerCase().includes(wanted) || code.startsWith(wanted))
          .map((one) => ({ placed: { one, depth: 0, below: 0 }, isOpen: false }));
  const close = () => setOpen(null);
  const fold = (code: string) => {
    const next = new Set(turned);
    if (!next.delete(code)) next.add(code);
    setTurned(next);
  };
  return (
    <>
      <Head title={text.value.catalogue.pages.regions} note={answer ? texts.regionsNote(all.length) : undefined}>
        {may.value.city && (
          <button type="button" class="main" onClick={() => setOpen({ what: "add", parent: "" })}>
            <Icon name="plus" />
            {texts.addRegion}
          </button>
        )}
      </Head>
      <div class="tools" role="search">
        <label class="search wide">
          <Icon name="search" />
          <input
            type="search"
            value={q}
            placeholder={text.value.catalogue.findRegion}
            aria-label={text.value.catalogue.findRegion}
            onInput={(event) => setQuery({ q: event.currentTarget.value || null }, "replace")}
          />
        </label>
      </div>
      <div class="desk-body">
        {problem && <ProblemNote problem={problem} retry={again} />}
        {!answer && !problem && <p class="waiting">{text.value.loading}</p>}
        {answer && all.length === 0 && <Empty icon="zone" title={texts.noRegions} hint={texts.noRegionsHint} />}
        {all.length > 0 && rows.length === 0 && (
          <Empty icon="search" title={texts.noRegionFound} hint={texts.noDepartmentsHint} />
        )}
        {rows.length > 0 && (
          <table class="list tree">
            <thead>
              <tr>
                <th scope="col">{texts.name}</th>
                <th scope="col">{texts.code}</th>
                {may.value.city && (
                  <th>
                    <span class="unseen">{texts.change}</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ placed, isOpen }) => (
                <Row
                  key={placed.one.code}
                  placed={placed}
                  isOpen={isOpen}
                  onFold={() => fold(placed.one.code)}
                  onOpen={setOpen}
                />
              ))}
            </tbody>
          </table>
        )}
      </div>
      {open !== null && open.what !== "remove" && (
        <RegionForm
          region={open.what === "change" ? open.region : null}
          parent={open.what === "add" ? open.parent : ""}
          onClose={close}
          onDone={again}
        />
      )}
      {open?.what === "remove" && (
        <Confirm
          title={texts.removeTitle(open.region.name)}
          explanation={texts.removeRegionText}
          verb={text.value.remove}
          isDangerous
          work={async () => {
            await removeRegion(open.region);
            again();
          }}
          onClose={close}
        />
      )}
    </>
  );
}
