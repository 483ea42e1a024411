import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { asProblem } from "../../api/client";
import {
  cancelImport,
  followImport,
  listRows,
  readImport,
  VERDICTS,
  type Import,
  type RowVerdict,
  type Verdict,
} from "../../api/imports";
import type { Problem } from "../../api/problem";
import type { Page } from "../../api/types";
import { desk, deskLink, setQuery } from "../../desk";
import { joined, text } from "../../i18n";
import { saveAs } from "../../save-as";
import { FIELDS, type FieldName } from "../../state/record";
import { refreshCameras } from "../../state/cameras";
import { isOver, rehearsed, report, send } from "../../state/import";
import { useAct } from "../act";
import { useAnswer } from "../answer";
import { Icon } from "../icons";
import { ProblemNote } from "../problem-note";
import { Head } from "./head";

const RETRY_MS = 2_000;
const MOODS: Record<Verdict, string> = { created: "good", changed: "busy", unchanged: "quiet", refused: "bad" };

/** How the import goes: as the server says it, until it is over; asked anew where the connection breaks. */
function useImport(id: number): { state: Import | null; problem: Problem | null } {
  const [state, setState] = useState<Import | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    let timer = 0;
    const follow = async () => {
      try {
        let last = await readImport(id, stop.signal);
        setState(last);
        setProblem(null);
        if (isOver(last)) return;
        await followImport(id, (one) => setState((last = one)), stop.signal);
        if (isOver(last)) return;
      } catch (error) {
        if (stop.signal.aborted) return;
        // A connection that broke off tells nothing; what the server answered does.
        if (!(error instanceof TypeError)) setProblem(asProblem(error));
      }
      timer = window.setTimeout(() => void follow(), RETRY_MS);
    };
    void follow();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [id]);
  return { state, problem };
}

function columnName(column: string): string {
  return FIELDS.includes(column as FieldName) ? text.value.record.fields[column as FieldName] : column;
}

function What({ row }: { row: RowVerdict }): JSX.Element {
  const texts = text.value.imports;
  return (
    <>
      {row.refusals.map(({ column, found, expected, hint }) => (
        <p key={`${column}${expected}`} class="refusal">
          {column && <b>{columnName(column)} </b>}
          {found !== null && (
            <>
              <small>{texts.found}</small> <q>{found}</q>{" "}
            </>
          )}
          <span lang="en">{expected}</span>
          {hint && <small lang="en">{hint}</small>}
        </p>
      ))}
      {row.changes.map(({ field, old, new: now }) => (
        <p key={field} class="change">
          <b>{columnName(field)}</b> <s>{old ?? texts.empty}</s> → <q>{now ?? texts.empty}</q>
        </p>
      ))}
    </>
  );
}

function Rows({ id, verdict, version }: { id: number; verdict: Verdict | null; version: string }): JSX.Element {
  const texts = text.value.imports;
  const key = `${id}/${verdict}/${version}`;
  const { answer, problem, again } = useAnswer(key, (signal) => listRows(id, verdict, null, signal));
  const [more, setMore] = useState<{ key: string; pages: Page<RowVerdict>[] }>({ key, pages: [] });
  const { isBusy, problem: moreProblem, act } = useAct();
  const pages = more.key === key ? more.pages : [];
  const items = [...(answer?.items ?? []), ...pages.flatMap((page) => page.items)];
  const next = pages.at(-1)?.next ?? (pages.length > 0 ? null : (answer?.next ?? null));
  const showMore = () =>
    act(async () => {
      const page = await listRows(id, verdict, next, new AbortController().signal);
      setMore({ key, pages: [...pages, page] });
    });
  const fault = problem ?? moreProblem;
  return (
    <>
      {fault && <ProblemNote problem={fault} retry={again} />}
      {!answer && !fault && <p class="waiting">{text.value.loading}</p>}
      {answer && items.length === 0 && <p class="waiting">{texts.noRows}</p>}
      {items.length > 0 && (
        <table class="list cards-on-phone">
          <thead>
            <tr>
              <th scope="col">{texts.row}</th>
              <th scope="col">{texts.verdict}</th>
              <th scope="col">{text.value.camera}</th>
              <th scope="col">{texts.what}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((row) => (
              <tr key={row.row} data-row={row.row} data-verdict={row.verdict}>
                <th scope="row">{row.row}</th>
                <td>
                  <span class={`badge mood-${MOODS[row.verdict]}`}>{texts.verdicts[row.verdict]}</span>
                </td>
                <td>
                  {row.camera === null ? row.name : <a href={deskLink("catalogue", row.camera)}>{row.name ?? row.camera}</a>}
                </td>
                <td>
                  <What row={row} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {next && (
        <button type="button" class="quiet more" disabled={isBusy} onClick={showMore}>
          {text.value.catalogue.more}
        </button>
      )}
    </>
  );
}

function Report({ id, file }: { id: number; file: string }): JSX.Element {
  const texts = text.value.imports;
  const { isBusy, problem, act } = useAct();
  const save = () =>
    act(async () => {
      saveAs(await report(id, new AbortController().signal), `${file.replace(/\.\w+$/, "")}-report.csv`);
    });
  return (
    <>
      {problem && <ProblemNote problem={problem} />}
      <button type="button" class="quiet" disabled={isBusy} onClick={save}>
        <Icon name="download" />
        {texts.report}
      </button>
    </>
  );
}

/** After a rehearsal: the way to do it. */
function Go({ state }: { state: Import }): JSX.Element {
  const texts = text.value.imports;
  const { isBusy, problem, act } = useAct();
  const count = state.created + state.changed;
  const kept = rehearsed.value?.id === state.id ? rehearsed.value : null;
  return (
    <div class="group notice">
      <h3>{texts.rehearsed}</h3>
      <p>{count === 0 ? texts.nothingToDo : texts.rehearsedHint}</p>
      {problem && <ProblemNote problem={problem} />}
      {count > 0 && kept !== null && (
        <div class="inline">
          <button type="button" class="main" disabled={isBusy} onClick={() => void act(() => send(kept.file, false, kept.department))}>
            {isBusy ? text.value.busy : texts.go(count)}
          </button>
        </div>
      )}
      {count > 0 && kept === null && <p>{texts.fileGone}</p>}
    </div>
  );
}

function Counts({ state, verdict }: { state: Import; verdict: Verdict | null }): JSX.Element {
  const texts = text.value.imports;
  return (
    <div class="verdicts" role="group" aria-label={texts.verdict}>
      {VERDICTS.map((one) => (
        <button
          key={one}
          type="button"
          class={`tile mood-${MOODS[one]}`}
          aria-pressed={verdict === one}
          data-verdict={one}
          onClick={() => setQuery({ verdict: verdict === one ? null : one })}
        >
          <b>{state[one].toLocaleString()}</b>
          {texts.verdicts[one]}
        </button>
      ))}
    </div>
  );
}

function Progress({ state }: { state: Import }): JSX.Element {
  const texts = text.value.imports;
  const { isBusy, problem, act } = useAct();
  return (
    <div class="running" role="status">
      <progress value={state.share} max={1} />
      <span>
        {texts.states[state.state]} · {texts.rows(state.done, state.total)}
      </span>
      <button type="button" class="quiet" disabled={isBusy} onClick={() => void act(() => cancelImport(state.id))}>
        {texts.cancel}
      </button>
      {problem && <ProblemNote problem={problem} />}
    </div>
  );
}

/** One import: how it goes, and what became of each row. */
export function ImportDetail({ id }: { id: number }): JSX.Element {
  const texts = text.value.imports;
  const { state, problem } = useImport(id);
  const chosen = desk.value?.query.get("verdict");
  const verdict = VERDICTS.find((one) => one === chosen) ?? null;
  const over = state !== null && isOver(state);
  useEffect(() => {
    if (over) void refreshCameras();
  }, [over]);
  return (
    <>
      <Head
        title={state?.file ?? texts.title}
        note={state ? `${state.dry_run ? texts.rehearsal : texts.real} · ${texts.states[state.state]}` : undefined}
        before={
          <a class="button bare" href={deskLink("import")} title={texts.back} aria-label={texts.back}>
            <Icon name="back" />
          </a>
        }
      >
        {over && <Report id={id} file={state.file} />}
      </Head>
      <div class="desk-body padded">
        {problem && <ProblemNote problem={problem} />}
        {!state && !problem && <p class="waiting">{text.value.loading}</p>}
        {state && (
          <div class="stack wide">
            {!over && <Progress state={state} />}
            {state.fault && (
              <p class="fault" lang="en" role="alert">
                {state.fault}
              </p>
            )}
            {state.ignored_columns.length > 0 && (
              <p class="told">
                {texts.ignored}
                {text.value.colon}
                {joined(state.ignored_columns)}
              </p>
            )}
            {state.state === "cancelled" && !state.dry_run && <p>{texts.cancelled}</p>}
            {over && state.dry_run && state.state === "finished" && <Go state={state} />}
            <Counts state={state} verdict={verdict} />
            {over && (
              <section class="group counts">
                <Rows id={id} verdict={verdict} version={state.state} />
              </section>
            )}
          </div>
        )}
      </div>
    </>
  );
}
