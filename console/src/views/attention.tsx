import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { changeAttention } from "../api/cameras";
import type { Attention, Camera } from "../api/types";
import { text } from "../i18n";
import { may } from "../state/session";
import { refreshSite } from "../state/site";
import { useAct } from "./act";
import { ProblemNote } from "./problem-note";

type Settings = Pick<Attention, "sensitivity" | "idle" | "idle_look_s">;

interface ChoiceProps<T extends string> {
  name: string;
  legend: string;
  hint: string;
  words: Record<T, string>;
  chosen: T;
  onChange: (one: T) => void;
}

function Choice<T extends string>({ name, legend, hint, words, chosen, onChange }: ChoiceProps<T>): JSX.Element {
  return (
    <fieldset class="field">
      <legend>{legend}</legend>
      <div class="choice">
        {(Object.keys(words) as T[]).map((one) => (
          <label key={one} class="pick">
            <input type="radio" name={name} checked={chosen === one} onChange={() => onChange(one)} />
            <span>{words[one]}</span>
          </label>
        ))}
      </div>
      <small>{hint}</small>
    </fieldset>
  );
}

/** How closely the camera is watched while nothing happens. What somebody else changes meanwhile shows once it is saved. */
export function AttentionForm({ camera }: { camera: Camera }): JSX.Element {
  const texts = text.value.attention;
  const [change, setChange] = useState<Partial<Settings>>({});
  const [isSaved, setSaved] = useState(false);
  const { isBusy, problem, act } = useAct();
  const shown: Settings = { ...camera.attention, ...change };
  const alter = (one: Partial<Settings>) => {
    setChange({ ...change, ...one });
    setSaved(false);
  };
  const submit = (event: Event) => {
    event.preventDefault();
    void act(async () => {
      await changeAttention(camera.id, change);
      await refreshSite();
      setChange({});
      setSaved(true);
    });
  };
  return (
    <form class="group attention" aria-label={texts.title} onSubmit={submit}>
      <h3>{texts.title}</h3>
      <fieldset class="stack" disabled={!may.value.cameras}>
        <Choice
          name="sensitivity"
          legend={texts.sensitivity}
          hint={texts.sensitivityHint}
          words={texts.sensitivities}
          chosen={shown.sensitivity}
          onChange={(sensitivity) => alter({ sensitivity })}
        />
        <Choice
          name="idle"
          legend={texts.idle}
          hint={texts.idleHint}
          words={texts.idles}
          chosen={shown.idle}
          onChange={(idle) => alter({ idle })}
        />
        <label class="field short">
          <span>{texts.idleLook}</span>
          <input
            type="number"
            name="idle_look_s"
            min={0.2}
            max={60}
            step="any"
            required
            value={shown.idle_look_s}
            onInput={(event) => alter({ idle_look_s: event.currentTarget.valueAsNumber })}
          />
          <small>{texts.idleLookHint}</small>
        </label>
      </fieldset>
      {problem && <ProblemNote problem={problem} />}
      {may.value.cameras && (
        <div class="inline">
          <button type="submit" class="main" disabled={isBusy || Object.keys(change).length === 0}>
            {isBusy ? text.value.busy : texts.save}
          </button>
          <span role="status">{isSaved && texts.saved}</span>
        </div>
      )}
    </form>
  );
}
