import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { allRegions, type Region } from "../../api/regions";
import { text } from "../../i18n";
import { learnRegions } from "../../state/names";
import { asTree, type Placed } from "../../state/tree";
import { useAnswer } from "../answer";
import { useFilter } from "../filtering";
import { Icon } from "../icons";
import { ProblemNote } from "../problem-note";

/** So many levels stand open at first. */
const OPEN_LEVELS = 1;
const MOST_SHOWN = 300;

interface Shown extends Placed<Region> {
  isOpen: boolean;
}

/** What is not folded away. */
function unfolded(all: readonly Region[], turned: ReadonlySet<string>): Shown[] {
  let hiddenBelow = Number.POSITIVE_INFINITY;
  return asTree(all, ({ code }) => code, ({ parent }) => parent?.code ?? null).flatMap((placed) => {
    if (placed.depth > hiddenBelow) return [];
    const isOpen = placed.depth < OPEN_LEVELS !== turned.has(placed.one.code);
    hiddenBelow = isOpen ? Number.POSITIVE_INFINITY : placed.depth;
    return [{ ...placed, isOpen }];
  });
}

const matching = (all: readonly Region[], wanted: string): Shown[] =>
  all
    .filter(({ name, code }) => name.toLowerCase().includes(wanted) || code.startsWith(wanted))
    .map((one) => ({ one, depth: 0, below: 0, isOpen: false }));

/** The city's regions as a tree, of which one is chosen with all below it. */
export function RegionTree(): JSX.Element {
  const texts = text.value;
  const [q, setQ] = useState("");
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  const { answer, problem, again } = useAnswer("regions", allRegions);
  useEffect(() => learnRegions(answer?.items ?? []), [answer]);
  const { at, alter } = useFilter();
  const chosen = at.value.region;
  const all = answer?.items ?? [];
  const wanted = q.trim().toLowerCase();
  const shown = (wanted === "" ? unfolded(all, turned) : matching(all, wanted)).slice(0, MOST_SHOWN);
  const fold = (code: string) => {
    const next = new Set(turned);
    if (!next.delete(code)) next.add(code);
    setTurned(next);
  };
  return (
    <>
      <input
        type="search"
        value={q}
        placeholder={texts.catalogue.findRegion}
        aria-label={texts.catalogue.findRegion}
        onInput={(event) => setQ(event.currentTarget.value)}
      />
      {problem && <ProblemNote problem={problem} retry={again} />}
      <fieldset class="checks tall">
        <legend>{texts.catalogue.region}</legend>
        <label>
          <input type="radio" name="region" checked={chosen === null} onChange={() => alter({ region: null })} />
          {texts.search.anywhere}
        </label>
        {shown.map(({ one: { code, name }, depth, below, isOpen }) => (
          <div key={code} class={`region level-${Math.min(depth, 5)}`}>
            <label>
              <input type="radio" name="region" checked={chosen === code} onChange={() => alter({ region: code })} />
              <span>
                {name} <small>{code}</small>
              </span>
            </label>
            {below > 0 && (
              <button
                type="button"
                class="bare"
                aria-expanded={isOpen}
                aria-label={`${isOpen ? texts.owners.fold : texts.owners.unfold}: ${name}`}
                onClick={() => fold(code)}
              >
                <Icon name={isOpen ? "down" : "right"} />
              </button>
            )}
          </div>
        ))}
      </fieldset>
      {answer && shown.length === 0 && <p class="none">{texts.catalogue.noRegions}</p>}
    </>
  );
}
