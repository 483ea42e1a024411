import type { JSX } from "preact";
import { text } from "../../i18n";
import { route } from "../../route";
import type { ExportFormat } from "../../row-count";
import { eventExport } from "../../state/event-export";
import { asked } from "../../state/events";
import { Popover } from "../popover";
import { SearchProblem } from "../search-problem";

const FORMATS: readonly ExportFormat[] = ["csv", "ndjson", "geojson"];

/** How far the export is. */
function Progress(): JSX.Element {
  const texts = text.value.search;
  const rows = eventExport.rows.value;
  const expected = eventExport.expected.value;
  const count = expected?.count.toLocaleString() ?? "";
  const told = expected === null ? null : expected.atLeast ? texts.atLeast(count) : count;
  const share = expected === null || expected.atLeast ? null : rows / Math.max(1, expected.count);
  return (
    <>
      <p role="status">{texts.written(rows.toLocaleString(), told)}</p>
      <progress max={1} {...(share !== null && { value: Math.min(1, share) })} aria-label={texts.export} />
      <button type="button" class="quiet" onClick={() => eventExport.cancel()}>
        {text.value.cancel}
      </button>
    </>
  );
}

/** Takes along what the filters find, as a file. */
export function ExportMenu(): JSX.Element {
  const texts = text.value.search;
  const phase = eventExport.phase.value;
  const rows = eventExport.rows.value.toLocaleString();
  const isRunning = phase === "running";
  const problem = eventExport.problem.value;
  return (
    <Popover label={isRunning ? `${texts.export} · ${rows}` : texts.export} isSet={isRunning} icon="download">
      <p>{texts.exportHint}</p>
      <div class="formats">
        {FORMATS.map((format) => (
          <button
            key={format}
            type="button"
            class="quiet"
            disabled={isRunning}
            onClick={() => void eventExport.start(asked.peek(), route.peek().order, format)}
          >
            {texts.formats[format]}
          </button>
        ))}
      </div>
      {isRunning && <Progress />}
      {phase === "done" && <p role="status">{texts.done(rows)}</p>}
      {phase === "cancelled" && <p role="status">{texts.cancelled(rows)}</p>}
      {problem && <SearchProblem problem={problem} />}
    </Popover>
  );
}
