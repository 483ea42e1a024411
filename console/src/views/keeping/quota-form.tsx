import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { putQuota, removeQuota, type Usage } from "../../api/keeping";
import { text } from "../../i18n";
import { useAct } from "../act";
import { Dialog } from "../dialog";
import { ProblemNote } from "../problem-note";

const GIGABYTE = 1_000_000_000;

/** How many bytes of pictures and clips a department may have. */
export function QuotaForm({ usage, onClose, onSaved }: { usage: Usage; onClose: () => void; onSaved: () => void }): JSX.Element {
  const texts = text.value.keeping;
  const before = usage.is_own_quota && usage.quota_bytes !== null ? String(usage.quota_bytes / GIGABYTE) : "";
  const [size, setSize] = useState(before);
  const { isBusy, problem, act } = useAct();
  const { id, name } = usage.department;
  const submit = (event: Event) => {
    event.preventDefault();
    void act(async () => {
      await putQuota(id, Math.round(Number(size) * GIGABYTE));
      onSaved();
    });
  };
  const drop = () =>
    act(async () => {
      await removeQuota(id);
      onSaved();
    });
  return (
    <Dialog title={`${texts.quota}${text.value.colon}${name}`} onClose={onClose}>
      <form onSubmit={submit}>
        <label class="field">
          <span>{texts.quotaField}</span>
          <input
            name="gigabytes"
            type="number"
            min="0.001"
            step="any"
            required
            value={size}
            autofocus
            onInput={(event) => setSize(event.currentTarget.value)}
          />
          <small>{texts.quotaHint}</small>
        </label>
        {problem && <ProblemNote problem={problem} />}
        <div class="buttons">
          {usage.is_own_quota && (
            <button type="button" class="quiet" disabled={isBusy} onClick={drop}>
              {texts.dropQuota}
            </button>
          )}
          <button type="button" class="quiet" onClick={onClose}>
            {text.value.cancel}
          </button>
          <button type="submit" class="main" disabled={isBusy}>
            {isBusy ? text.value.busy : texts.save}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
