import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { listCameras } from "../api/cameras";
import { asProblem } from "../api/client";
import type { Problem } from "../api/problem";
import type { Named } from "../api/types";
import { text } from "../i18n";
import { cameraNames, learnNames } from "../state/cameras";
import { useFilter } from "./filtering";
import { ProblemNote } from "./problem-note";

const MOST_SHOWN = 50;
const TYPING_PAUSE_MS = 200;

/** Cameras by name, as the server finds them: a city has more than fit a list. */
export function CameraFilter(): JSX.Element {
  const [q, setQ] = useState("");
  const [found, setFound] = useState<Named[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const { at, alter } = useFilter();
  const chosen = at.value.cameras;

  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const page = await listCameras({ q: q.trim(), state: "" }, MOST_SHOWN, null, stop.signal);
        learnNames(page.items);
        setFound(page.items);
        setProblem(null);
      } catch (error) {
        if (!stop.signal.aborted) setProblem(asProblem(error));
      }
    }, q ? TYPING_PAUSE_MS : 0);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [q]);

  const toggle = (id: number) =>
    alter({ cameras: chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id] });
  const kept = chosen.filter((id) => !found.some((camera) => camera.id === id));
  const shown = [...kept.map((id) => ({ id, name: cameraNames.value.get(id) ?? `#${id}` })), ...found];
  return (
    <>
      <input
        type="search"
        value={q}
        placeholder={text.value.searchCameras}
        aria-label={text.value.searchCameras}
        onInput={(event) => setQ(event.currentTarget.value)}
      />
      {problem && <ProblemNote problem={problem} />}
      <fieldset class="checks tall">
        <legend class="unseen">{text.value.camera}</legend>
        {shown.map(({ id, name }) => (
          <label key={id}>
            <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} />
            {name}
          </label>
        ))}
        {shown.length === 0 && <p class="waiting">{text.value.noCameraFound}</p>}
      </fieldset>
    </>
  );
}
