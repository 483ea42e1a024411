import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { readCamera } from "../api/cameras";
import type { EventRecord } from "../api/types";
import { text } from "../i18n";
import { goTo, NO_FILTERS, searchLink } from "../route";
import { useAct } from "./act";
import { Icon } from "./icons";
import { ProblemNote } from "./problem-note";

const RADIUS_M = 500;
const BEFORE_AND_AFTER_MS = 900_000;

/** The way to what happened near an event at about the same time, where its camera has a place. */
export function Around({ event }: { event: EventRecord }): JSX.Element {
  const texts = text.value.search;
  const { isBusy, problem, act } = useAct();
  const [isNowhere, setNowhere] = useState(false);
  const look = () =>
    act(async () => {
      const { longitude, latitude } = await readCamera(event.camera.id);
      if (longitude === null || latitude === null) {
        setNowhere(true);
        return;
      }
      const at = Date.parse(event.started_at);
      const instant = (by: number) => new Date(at + by).toISOString();
      const near = `${longitude},${latitude},${RADIUS_M}`;
      goTo(
        searchLink({ ...NO_FILTERS, near, from: instant(-BEFORE_AND_AFTER_MS), to: instant(BEFORE_AND_AFTER_MS) }),
      );
    });
  return (
    <>
      <button type="button" class="quiet" disabled={isBusy} title={texts.aroundHint} onClick={() => void look()}>
        <Icon name="search" />
        {texts.around}
      </button>
      {isNowhere && <p role="status">{texts.nowhere}</p>}
      {problem && <ProblemNote problem={problem} />}
    </>
  );
}
