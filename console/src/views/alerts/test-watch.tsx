import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { readDelivery, type Delivery, type WholeDelivery } from "../../api/deliveries";
import { text } from "../../i18n";
import { clockTime, now } from "../../i18n/time";
import { useAnswer } from "../answer";
import { Icon } from "../icons";
import { ProblemNote } from "../problem-note";
import { Attempts } from "./attempts";
import { DeliveryBadge } from "./badges";

const POLL_MS = 1_000;
/** A test that nothing has tried for so long waits for a process that does not run. */
const LONG_MS = 10_000;

/** Why it still waits. */
function Waiting({ test }: { test: WholeDelivery }): JSX.Element {
  const texts = text.value.alerts;
  if (test.attempts > 0) return <p>{test.due_at && texts.triedAgain(clockTime(test.due_at))}</p>;
  const isLong = now.value - Date.parse(test.made_at) > LONG_MS;
  return <p class={isLong ? "mood-bad told" : undefined}>{isLong ? texts.notTriedLong : texts.notTried}</p>;
}

interface TestWatchProps {
  test: Delivery;
  /** Told of each change of what becomes of it. */
  onChange: (told: string) => void;
  onClose: () => void;
}

/** What becomes of a test, as it happens. */
export function TestWatch({ test, onChange, onClose }: TestWatchProps): JSX.Element {
  const texts = text.value.alerts;
  const [isOver, setOver] = useState(false);
  const ask = (signal: AbortSignal) => readDelivery(test.id, signal);
  const { answer, problem } = useAnswer(String(test.id), ask, isOver ? undefined : POLL_MS);
  const state = answer?.state ?? test.state;
  const told = `${test.id} ${state} ${answer?.attempts ?? 0}`;
  useEffect(() => {
    onChange(told);
    setOver(state !== "waiting");
  }, [told]);
  return (
    <section class="group test-watch" aria-label={texts.testTitle} data-test-state={state}>
      <header class="group-head">
        <h3>
          {texts.testTitle} <DeliveryBadge state={state} />
        </h3>
        <button type="button" class="bare" onClick={onClose} title={texts.closeTest} aria-label={texts.closeTest}>
          <Icon name="close" />
        </button>
      </header>
      <p role="status">{`${texts.testText} ${texts.testStates[state]}`}</p>
      {answer?.reason && answer.reason !== answer.tries.at(-1)?.error && (
        <p class="mood-bad told" lang="en">
          {answer.reason}
        </p>
      )}
      {answer?.state === "waiting" && <Waiting test={answer} />}
      {problem && <ProblemNote problem={problem} />}
      {answer && answer.tries.length > 0 && <Attempts tries={answer.tries} />}
    </section>
  );
}
