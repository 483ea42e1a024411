import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { text, word } from "../i18n";
import { go, route } from "../route";
import { cameras, camerasProblem, hasMore, overview, refreshCameras, showMoreCameras } from "../state/cameras";
import { may } from "../state/session";
import { AddCamera } from "./add-camera";
import { CameraCard } from "./camera-card";
import { Empty } from "./empty";
import { Icon } from "./icons";
import { ProblemNote } from "./problem-note";

const showAll = () => go({ q: "", state: "" });

function WallTools({ onAdd }: { onAdd: () => void }): JSX.Element {
  const texts = text.value;
  const { q, state } = route.value;
  return (
    <div class="tools">
      <h2>
        {texts.cameras}
        {cameras.value && overview.value && (
          <small>{texts.camerasOf(cameras.value.length, overview.value.cameras)}</small>
        )}
      </h2>
      <label class="search">
        <Icon name="search" />
        <input
          type="search"
          value={q}
          placeholder={texts.searchCameras}
          aria-label={texts.searchCameras}
          onInput={(event) => go({ q: event.currentTarget.value }, "replace")}
        />
      </label>
      {state && (
        <button type="button" class="chip set" onClick={() => go({ state: "" })} aria-label={texts.removeFilter(word("states", state))}>
          {word("states", state)}
          <Icon name="close" />
        </button>
      )}
      {may.value.cameras && (
        <button type="button" class="main" onClick={onAdd}>
          <Icon name="plus" />
          {texts.addCamera}
        </button>
      )}
    </div>
  );
}

function NoCameras({ onAdd }: { onAdd: () => void }): JSX.Element {
  const texts = text.value;
  const { q, state } = route.value;
  if (q || state) {
    return (
      <Empty icon="search" title={texts.noCameraFound} hint={texts.noCameraFoundHint}>
        <button type="button" class="quiet" onClick={showAll}>
          {texts.showAll}
        </button>
      </Empty>
    );
  }
  if (!may.value.cameras) return <Empty icon="camera" title={texts.noCameras} hint={texts.noCamerasForYou} />;
  return (
    <Empty icon="camera" title={texts.noCameras} hint={texts.noCamerasHint}>
      <button type="button" class="main" onClick={onAdd}>
        <Icon name="plus" />
        {texts.addCamera}
      </button>
    </Empty>
  );
}

/** All cameras with state, reason and newest picture. */
export function Wall(): JSX.Element {
  const [isAdding, setAdding] = useState(false);
  const found = cameras.value;
  const add = () => setAdding(true);
  return (
    <section class="wall" aria-label={text.value.cameras}>
      <WallTools onAdd={add} />
      <div class="scroll">
        {camerasProblem.value && <ProblemNote problem={camerasProblem.value} retry={() => void refreshCameras()} />}
        {found === null && !camerasProblem.value && <p class="waiting">{text.value.loading}</p>}
        {found?.length === 0 && <NoCameras onAdd={add} />}
        <div class="cards">{found?.map((camera) => <CameraCard key={camera.id} camera={camera} />)}</div>
        {hasMore.value && (
          <button type="button" class="quiet more" onClick={showMoreCameras}>
            {text.value.moreCameras}
          </button>
        )}
      </div>
      {isAdding && <AddCamera onClose={() => setAdding(false)} />}
    </section>
  );
}
