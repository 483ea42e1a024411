import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { putRegion, type Region } from "../../api/regions";
import { text } from "../../i18n";
import { learnRegions } from "../../state/names";
import { useAct } from "../act";
import { Dialog } from "../dialog";
import { areBeside, FaultOf, FaultsOfForm } from "../fault";
import { ProblemNote } from "../problem-note";

interface RegionFormProps {
  /** The region that is changed; null: a new one. */
  region: Region | null;
  /** Under which a new one is to stand. */
  parent: string;
  onClose: () => void;
  onDone: () => void;
}

export function RegionForm({ region, parent: above, onClose, onDone }: RegionFormProps): JSX.Element {
  const texts = text.value.owners;
  const [code, setCode] = useState(region?.code ?? above);
  const [name, setName] = useState(region?.name ?? "");
  const [parent, setParent] = useState(region ? (region.parent?.code ?? "") : above);
  const { isBusy, problem, act } = useAct();
  const faults = problem?.faults ?? [];
  const submit = (event: Event) => {
    event.preventDefault();
    void act(async () => {
      const fields = { name: name.trim(), parent: parent.trim() || null };
      learnRegions([await putRegion(code.trim(), fields, region?.revision ?? null)]);
      onClose();
      onDone();
    });
  };
  return (
    <Dialog title={region === null ? texts.addRegion : texts.changeRegion(region.name)} onClose={onClose}>
      <form onSubmit={submit}>
        <FaultsOfForm faults={faults}>
          <label class="field">
            <span>{texts.code}</span>
            <input
              name="code"
              class="code"
              value={code}
              required
              disabled={region !== null}
              pattern="\s*(\d{2}|\d{4}|\d{6}|\d{8}|\d{9}|\d{12})\s*"
              title={texts.codeHint}
              inputMode="numeric"
              autocomplete="off"
              autofocus
              onInput={(event) => setCode(event.currentTarget.value)}
            />
            <small>{texts.codeHint}</small>
            <FaultOf field="code" />
          </label>
          <label class="field">
            <span>{texts.name}</span>
            <input
              name="name"
              value={name}
              required
              maxLength={128}
              autocomplete="off"
              onInput={(event) => setName(event.currentTarget.value)}
            />
            <FaultOf field="name" />
          </label>
          <label class="field">
            <span>{texts.parent}</span>
            <input
              name="parent"
              class="code"
              value={parent}
              pattern="\s*(\d{2}|\d{4}|\d{6}|\d{8}|\d{9}|\d{12})?\s*"
              title={texts.parentHint}
              inputMode="numeric"
              autocomplete="off"
              onInput={(event) => setParent(event.currentTarget.value)}
            />
            <small>{texts.parentHint}</small>
            <FaultOf field="parent" />
          </label>
        </FaultsOfForm>
        {problem && !areBeside(faults, ["code", "name", "parent"]) && <ProblemNote problem={problem} />}
        <div class="buttons">
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
