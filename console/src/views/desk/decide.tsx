import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { text } from "../../i18n";
import { useAct } from "../act";
import { Dialog } from "../dialog";
import { FaultOf, FaultsOfForm } from "../fault";
import { ProblemNote } from "../problem-note";

interface DecideProps {
  title: string;
  explanation?: string | undefined;
  /** The text on the button that does it. */
  verb: string;
  isDangerous?: boolean;
  mustSayWhy: boolean;
  work: (why: string) => Promise<void>;
  onClose: () => void;
}

/** Decide on what somebody has asked for, and say why. */
export function Decide(props: DecideProps): JSX.Element {
  const { title, explanation, verb, isDangerous, mustSayWhy, work, onClose } = props;
  const texts = text.value.sharing;
  const [why, setWhy] = useState("");
  const { isBusy, problem, act } = useAct();
  const faults = problem?.faults ?? [];
  const submit = (event: Event) => {
    event.preventDefault();
    void act(async () => {
      await work(why.trim());
      onClose();
    });
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit}>
        {explanation && <p>{explanation}</p>}
        <FaultsOfForm faults={faults}>
          <label class="field">
            <span>{mustSayWhy ? texts.why : texts.whyOptional}</span>
            <textarea
              name="why"
              rows={3}
              value={why}
              required={mustSayWhy}
              maxLength={500}
              autofocus
              onInput={(event) => setWhy(event.currentTarget.value)}
            />
            <small>{texts.whyHint}</small>
            <FaultOf field="why" />
          </label>
        </FaultsOfForm>
        {problem && !faults.some(({ field }) => field === "why") && <ProblemNote problem={problem} />}
        <div class="buttons">
          <button type="button" class="quiet" onClick={onClose}>
            {text.value.cancel}
          </button>
          <button type="submit" class={isDangerous ? "danger" : "main"} disabled={isBusy}>
            {isBusy ? text.value.busy : verb}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
