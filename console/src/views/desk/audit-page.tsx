import type { JSX } from "preact";
import { auditCsv, listAudit, readAuditStatus } from "../../api/audit";
import { text } from "../../i18n";
import { dateTime } from "../../i18n/time";
import { auditFilter } from "../../state/audit";
import { useAnswer } from "../answer";
import { Download } from "../download";
import { Empty } from "../empty";
import { Icon } from "../icons";
import { usePages } from "../pages";
import { ProblemNote } from "../problem-note";
import { AuditFilters } from "./audit-filters";
import { AuditLine } from "./audit-row";
import { Head } from "./head";

const STATUS_POLL_MS = 15_000;
/** Rows wait for their seal a second or two; a minute means that nothing seals. */
const LATE_MS = 60_000;

/** How far the record is sealed: what is not yet could still be changed unseen. */
function SealState(): JSX.Element | null {
  const texts = text.value.audit;
  const { answer: status, problem } = useAnswer("status", readAuditStatus, STATUS_POLL_MS);
  if (problem) return <ProblemNote problem={problem} />;
  if (status === null) return null;
  const { oldest_unsealed_at: since, checkpoint } = status;
  const isLate = since !== null && Date.now() - Date.parse(since) > LATE_MS;
  const [rows, unsealed] = [status.rows.toLocaleString(), status.unsealed.toLocaleString()];
  const fresh = status.unsealed > 0 ? texts.sealing(rows, unsealed) : texts.sealedAll(rows);
  const seal = isLate && since !== null ? texts.unsealed(unsealed, dateTime(since)) : fresh;
  const point =
    checkpoint === null ? texts.noCheckpoint : texts.checkpoint(checkpoint.place.toLocaleString(), dateTime(checkpoint.at));
  return (
    <p class={`seal-state mood-${isLate ? "bad" : "good"}`} role={isLate ? "alert" : undefined}>
      <span class="badge">
        <Icon name={isLate ? "warning" : "live"} />
        {seal}
      </span>
      <small>{[point, status.pruned_to !== null && texts.prunedTo(status.pruned_to.toLocaleString())].filter(Boolean).join(" · ")}</small>
    </p>
  );
}

/** Who looked at what, who changed what, who was refused. */
export function AuditPage(): JSX.Element {
  const texts = text.value.audit;
  const filter = auditFilter.value;
  const { items, hasMore, problem, showMore, again } = usePages(JSON.stringify(filter), (cursor, signal) =>
    listAudit(filter, cursor, signal),
  );
  return (
    <>
      <Head title={text.value.catalogue.pages.audit} note={items ? texts.note(items.length) : undefined}>
        <button type="button" class="quiet" onClick={again}>
          {texts.again}
        </button>
        <Download address={auditCsv(filter)} name="audit.csv" words={texts.csv} title={texts.csvHint} />
      </Head>
      <AuditFilters rows={items ?? []} />
      <div class="desk-body">
        <SealState />
        {problem && <ProblemNote problem={problem} retry={again} />}
        {!items && !problem && <p class="waiting">{text.value.loading}</p>}
        {items?.length === 0 && <Empty icon="search" title={texts.none} hint={texts.noneHint} />}
        {items && items.length > 0 && (
          <table class="list cards-on-phone audit">
            <thead>
              <tr>
                {[texts.at, texts.who, texts.act, texts.object, texts.whose].map((words) => (
                  <th key={words} scope="col">
                    {words}
                  </th>
                ))}
                <th>
                  <span class="unseen">{texts.detail}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((row) => (
                <AuditLine key={row.id} row={row} />
              ))}
            </tbody>
          </table>
        )}
        {hasMore && (
          <button type="button" class="quiet more" onClick={showMore}>
            {texts.more}
          </button>
        )}
      </div>
    </>
  );
}
