import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { text } from "../i18n";
import { cancelDrawing, type Drawing } from "../state/drawing";
import { saveDrawing } from "../state/saving";
import { refreshSite, type Site } from "../state/site";
import { useAct } from "./act";
import { ProblemNote } from "./problem-note";

/** The first usual name that nothing bears yet. */
function freeName(taken: readonly { name: string }[], usual: (n: number) => string): string {
  let n = taken.length + 1;
  while (taken.some(({ name }) => name === usual(n))) n += 1;
  return usual(n);
}

/** Names and saves what was drawn. Where the server refuses it, it stays as it was drawn, to be mended. */
export function DrawingForm({ site, now }: { site: Site; now: Drawing }): JSX.Element {
  const texts = text.value;
  const { shape, of } = now;
  const hasName = shape !== "ignored" && of === null;
  const [name, setName] = useState(() => {
    if (shape === "ignored") return "";
    const beside = { zone: site.zones, line: site.lines, privacy: site.privacy };
    return freeName(beside[shape], texts.places.usualName[shape]);
  });
  const { isBusy, problem, act } = useAct();
  const submit = (event: Event) => {
    event.preventDefault();
    void act(async () => {
      await saveDrawing(site.camera, now, hasName ? name.trim() : null);
      cancelDrawing();
      await refreshSite();
    });
  };
  return (
    <form class="drawing-form" onSubmit={submit}>
      {problem && <ProblemNote problem={problem} />}
      <div class="inline">
        {hasName && (
          <label class="inline">
            {texts.cameraName}
            <NameInput value={name} onInput={setName} />
          </label>
        )}
        <button type="submit" class="main" disabled={isBusy}>
          {isBusy ? texts.busy : texts.places.save}
        </button>
        <button type="button" class="quiet" onClick={cancelDrawing}>
          {texts.cancel}
        </button>
      </div>
    </form>
  );
}

/** A name, selected at once, since it is there to be overwritten. */
export function NameInput({ value, onInput }: { value: string; onInput: (name: string) => void }): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  // Before it is painted: who sees the field may already be typing.
  useLayoutEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  return (
    <input
      ref={input}
      name="name"
      value={value}
      onInput={(event) => onInput(event.currentTarget.value)}
      required
      maxLength={200}
      autocomplete="off"
    />
  );
}
