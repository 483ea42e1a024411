import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { replaySpan, type Replayed } from "../../api/subscriptions";
import { LENGTHS } from "../../event-filter";
import { text } from "../../i18n";
import { fieldOf, instantOf } from "../../local-time";
import { useAct } from "../act";
import { Dialog } from "../dialog";
import { FaultOf, FaultsOfForm } from "../fault";
import { ProblemNote } from "../problem-note";

interface ReplayProps {
  subscription: number;
  /** The time to begin with; null: the last day. */
  from: string | null;
  to: string | null;
  onDone: () => void;
  onClose: () => void;
}

/** Sends again what was told, or could not be, of a time. What is too much for one request goes on by another press. */
export function ReplaySpan({ subscription, from, to, onDone, onClose }: ReplayProps): JSX.Element {
  const texts = text.value.deliveries;
  const [span, setSpan] = useState(() => ({
    from: from ?? new Date(Date.now() - LENGTHS.day).toISOString(),
    // The field tells minutes: what was told in this one is meant, too.
    to: to ?? new Date(Date.now() + 60_000).toISOString(),
  }));
  const [done, setDone] = useState<Replayed | null>(null);
  const { isBusy, problem, act } = useAct();
  const submit = (event: Event) => {
    event.preventDefault();
    void act(async () => {
      const answer = await replaySpan(subscription, done?.next_from ?? span.from, span.to);
      setDone({ ...answer, replayed: answer.replayed + (done?.replayed ?? 0) });
      onDone();
    });
  };
  const isOver = done !== null && !done.more;
  return (
    <Dialog title={texts.replaySpanTitle} onClose={onClose}>
      <form onSubmit={submit}>
        <p>{texts.replaySpanText}</p>
        <FaultsOfForm faults={problem?.faults ?? []}>
          <div class="pair">
            {(["from", "to"] as const).map((end) => (
              <label key={end} class="field">
                <span>{text.value[end]}</span>
                <input
                  type="datetime-local"
                  name={end}
                  required
                  disabled={done !== null}
                  value={fieldOf(span[end])}
                  onChange={(event) => setSpan({ ...span, [end]: instantOf(event.currentTarget.value) ?? span[end] })}
                />
                <FaultOf field={end} />
              </label>
            ))}
          </div>
        </FaultsOfForm>
        {problem && <ProblemNote problem={problem} />}
        {done && (
          <p role="status">
            {texts.replayedCount(done.replayed.toLocaleString(), done.replayed === 1)} {done.more && texts.replayMore}
          </p>
        )}
        <div class="buttons">
          <button type="button" class="quiet" onClick={onClose}>
            {isOver ? text.value.close : text.value.cancel}
          </button>
          {!isOver && (
            <button type="submit" class="main" disabled={isBusy}>
              {isBusy ? text.value.busy : done === null ? texts.replay : texts.goOn}
            </button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
