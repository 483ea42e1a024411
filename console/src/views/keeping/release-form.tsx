import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Hold } from "../../api/holds";
import { text } from "../../i18n";
import { useAct } from "../act";
import { Dialog } from "../dialog";
import { ProblemNote } from "../problem-note";

interface ReleaseFormProps {
  hold: Hold;
  work: (why: string) => Promise<void>;
  onClose: () => void;
}

/** Asks why a hold is released. */
export function ReleaseForm({ hold, work, onClose }: ReleaseFormProps): JSX.Element {
  const texts = text.value.keeping;
  const [why, setWhy] = useState("");
  const { isBusy, problem, act } = useAct();
  const submit = (event: Event) => {
    event.preventDefault();
    void act(async () => {
      await work(why.trim());
      onClose();
    });
  };
  return (
    <Dialog title={texts.releaseTitle(hold.name)} onClose={onClose}>
      <form onSubmit={submit}>
        <p>{texts.releaseText}</p>
        <label class="field">
          <span>{texts.why}</span>
          <textarea
            name="why"
            rows={3}
            value={why}
            required
            minLength={3}
            maxLength={500}
            autofocus
            onInput={(event) => setWhy(event.currentTarget.value)}
          />
          <small>{texts.reasonHint}</small>
        </label>
        {problem && <ProblemNote problem={problem} />}
        <div class="buttons">
          <button type="button" class="quiet" onClick={onClose}>
            {text.value.cancel}
          </button>
          <button type="submit" class="danger" disabled={isBusy}>
            {isBusy ? text.value.busy : texts.release}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
