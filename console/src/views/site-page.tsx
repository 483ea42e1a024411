import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Camera } from "../api/types";
import { deskLink } from "../desk";
import { text } from "../i18n";
import { linkTo, NO_FILTERS, route } from "../route";
import { moodOf, stateOf } from "../state/cameras";
import { drawing } from "../state/drawing";
import { closeSite } from "../state/moves";
import { refreshSite, site, siteProblem, type Site } from "../state/site";
import { Spells } from "./desk/spells";
import { AttentionForm } from "./attention";
import { Icon } from "./icons";
import { LiveView } from "./live-view";
import { Places } from "./places";
import { ProblemNote } from "./problem-note";
import { Rules } from "./rules";
import { SitePicture } from "./site-picture";
import { StateBadge } from "./state-badge";

function Title({ camera }: { camera: Camera }): JSX.Element {
  const state = stateOf(camera);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <>
      <h2 ref={heading} tabIndex={-1}>
        {camera.name} <small>{`${text.value.number} ${camera.id} · ${camera.department.name}`}</small>
      </h2>
      <StateBadge state={state} />
      {camera.status && camera.enabled && moodOf(state) !== "good" && (
        <small class="told" lang="en">
          {camera.status.reason}
        </small>
      )}
      <a class="button quiet" href={deskLink("catalogue", camera.id)}>
        <Icon name="pencil" />
        {text.value.catalogue.record}
      </a>
      <a
        class="button quiet"
        href={linkTo({ ...NO_FILTERS, cameras: [camera.id], tab: "events", open: null }, route.value)}
      >
        <Icon name="list" />
        {text.value.eventsOfCamera}
      </a>
    </>
  );
}

/** The live view stands where the newest picture stood. What is drawn is drawn on the picture, so that ends the view. */
function Body({ found }: { found: Site }): JSX.Element {
  const [wantsLive, setLive] = useState(false);
  const isDrawing = drawing.value !== null;
  useEffect(() => {
    if (isDrawing) setLive(false);
  }, [isDrawing]);
  const isLive = wantsLive && !isDrawing;
  return (
    <div class="site-body">
      {!isLive && <SitePicture site={found} />}
      <LiveView camera={found.camera} isOn={isLive} setOn={isDrawing ? null : setLive} />
      <Places site={found} />
      <Rules site={found} />
      <AttentionForm camera={found.camera} />
      <Spells camera={found.camera.id} />
    </div>
  );
}

/** One camera: its picture and what is drawn on it, the rules that apply to it, and how closely it is watched. */
export function SitePage(): JSX.Element {
  const texts = text.value;
  const found = site.value;
  const problem = siteProblem.value;
  return (
    <section class="site" aria-label={texts.cameraPage} data-site={route.value.site ?? undefined}>
      <header>
        <a
          class="button bare"
          href={linkTo({ site: null }, route.value)}
          title={texts.allCameras}
          aria-label={texts.allCameras}
          onClick={(event) => {
            event.preventDefault();
            closeSite();
          }}
        >
          <Icon name="back" />
        </a>
        {found && <Title key={found.camera.id} camera={found.camera} />}
      </header>
      {problem && <ProblemNote problem={problem} retry={() => void refreshSite()} />}
      {!problem && !found && <p class="waiting">{texts.loading}</p>}
      {found && <Body key={found.camera.id} found={found} />}
    </section>
  );
}
