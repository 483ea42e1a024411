import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { listUsage, type Usage as Of } from "../../api/keeping";
import { text } from "../../i18n";
import { nearTime } from "../../i18n/time";
import { isOfTheCity } from "../../state/keeping";
import { useAnswer } from "../answer";
import { Icon } from "../icons";
import { ProblemNote } from "../problem-note";
import { bytesText } from "./bytes";
import { QuotaForm } from "./quota-form";

const POLL_MS = 60_000;
const NEARLY = 0.9;

/** How much there is of what there may be; without a quota, of what the fullest department has. What is held is darker. */
function Bar({ bytes, held, quota, most }: { bytes: number; held: number; quota: number | null; most: number }): JSX.Element {
  const whole = Math.max(1, quota ?? most);
  const share = (part: number) => ({ width: `${Math.min(100, (part / whole) * 100)}%` });
  const isFull = quota !== null && bytes >= quota * NEARLY;
  return (
    <span class="state-bar" aria-hidden="true">
      <span class="mood-quiet" style={share(held)} />
      <span class={isFull ? "mood-bad" : "mood-good"} style={share(bytes - held)} />
    </span>
  );
}

function Row({ usage, most, onQuota }: { usage: Of; most: number; onQuota: () => void }): JSX.Element {
  const texts = text.value.keeping;
  const held = usage.held_bytes ?? 0;
  const quota = usage.quota_bytes === null ? texts.noQuota : bytesText(usage.quota_bytes);
  return (
    <tr data-department={usage.department.id}>
      <th scope="row">
        {usage.department.name}
        <small>{usage.counted_at === null ? texts.notCounted : texts.counted(nearTime(usage.counted_at))}</small>
      </th>
      <td data-label={texts.size}>
        {usage.bytes === null ? "–" : bytesText(usage.bytes)}
        {held > 0 && <small>{`${texts.held} ${bytesText(held)}`}</small>}
        {usage.bytes !== null && <Bar bytes={usage.bytes} held={held} quota={usage.quota_bytes} most={most} />}
      </td>
      <td data-label={texts.quota}>
        {quota}
        {!usage.is_own_quota && usage.quota_bytes !== null && <small>{texts.ofSettings}</small>}
      </td>
      <td class="row-acts">
        {isOfTheCity.value && (
          <button
            type="button"
            class="bare"
            title={texts.setQuota}
            aria-label={`${texts.setQuota}${text.value.colon}${usage.department.name}`}
            onClick={onQuota}
          >
            <Icon name="pencil" />
          </button>
        )}
      </td>
    </tr>
  );
}

/** How many bytes of pictures and clips there are, and may be: of one department, or of all of one's own. */
export function Usage({ department }: { department: number | null }): JSX.Element {
  const texts = text.value.keeping;
  const [open, setOpen] = useState<Of | null>(null);
  const { answer, problem, again } = useAnswer("usage", listUsage, POLL_MS);
  const shown = answer?.items.filter((one) => department === null || one.department.id === department) ?? [];
  const most = shown.reduce((found, { bytes }) => Math.max(found, bytes ?? 0), 0);
  return (
    <section class="group counts" aria-label={texts.usage}>
      <h3>{texts.usage}</h3>
      <small>{texts.usageAbout}</small>
      {problem && <ProblemNote problem={problem} retry={again} />}
      {!answer && !problem && <p class="waiting">{text.value.loading}</p>}
      {answer && (
        <table class="list">
          <thead>
            <tr>
              <th scope="col">{text.value.catalogue.department}</th>
              <th scope="col">{texts.size}</th>
              <th scope="col">{texts.quota}</th>
              <th>
                <span class="unseen">{texts.setQuota}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((usage) => (
              <Row key={usage.department.id} usage={usage} most={most} onQuota={() => setOpen(usage)} />
            ))}
          </tbody>
        </table>
      )}
      {open && (
        <QuotaForm
          usage={open}
          onClose={() => setOpen(null)}
          onSaved={() => {
            setOpen(null);
            again();
          }}
        />
      )}
    </section>
  );
}
