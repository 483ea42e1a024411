import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Point } from "../api/types";
import { text } from "../i18n";
import { beginChange, pointedAt, SHAPES, type NamedShape, type Shape } from "../state/drawing";
import { removePlace, renamePlace } from "../state/saving";
import { may } from "../state/session";
import { refreshSite, type Site } from "../state/site";
import { useAct } from "./act";
import { Confirm } from "./confirm";
import { NameInput } from "./drawing-form";
import { Icon, type IconName } from "./icons";
import { ProblemNote } from "./problem-note";

export const SIGNS: Record<Shape, IconName> = { zone: "zone", line: "line", ignored: "ignored", privacy: "privacy" };

interface Place {
  shape: Shape;
  /** Its number; of an ignored area, its place in the list. */
  id: number;
  name: string;
  points: Point[];
}

function placesOf({ camera, zones, lines, privacy }: Site, shape: Shape): Place[] {
  switch (shape) {
    case "zone":
      return zones.map(({ id, name, points }) => ({ shape, id, name, points }));
    case "line":
      return lines.map(({ id, name, start, end }) => ({ shape, id, name, points: [start, end] }));
    case "privacy":
      return privacy.map(({ id, name, points }) => ({ shape, id, name, points }));
    case "ignored":
      return camera.attention.ignored.map((points, n) => ({
        shape,
        id: n,
        name: text.value.places.ignoredArea(n + 1),
        points,
      }));
  }
}

function Rename({ place, onClose }: { place: Place & { shape: NamedShape }; onClose: () => void }): JSX.Element {
  const texts = text.value;
  const [name, setName] = useState(place.name);
  const { isBusy, problem, act } = useAct();
  const submit = (event: Event) => {
    event.preventDefault();
    void act(async () => {
      await renamePlace(place.shape, place.id, name.trim());
      await refreshSite();
      onClose();
    });
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    onClose();
  };
  return (
    <form onSubmit={submit} onKeyDown={onKey}>
      <div class="inline">
        <label class="inline">
          <span class="unseen">{`${texts.cameraName}: ${place.name}`}</span>
          <NameInput value={name} onInput={setName} />
        </label>
        <button type="submit" class="main" disabled={isBusy}>
          {isBusy ? texts.busy : texts.places.save}
        </button>
        <button type="button" class="quiet" onClick={onClose}>
          {texts.cancel}
        </button>
      </div>
      {problem && <ProblemNote problem={problem} />}
    </form>
  );
}

interface PlaceButtonProps {
  icon: IconName;
  verb: string;
  name: string;
  onClick: () => void;
}

function PlaceButton({ icon, verb, name, onClick }: PlaceButtonProps): JSX.Element {
  return (
    <button type="button" class="bare" onClick={onClick} title={verb} aria-label={`${verb}: ${name}`}>
      <Icon name={icon} />
    </button>
  );
}

function PlaceRow({ site, place }: { site: Site; place: Place }): JSX.Element {
  const texts = text.value;
  const [isRenaming, setRenaming] = useState(false);
  const [isRemoving, setRemoving] = useState(false);
  const { shape, id, name, points } = place;
  const point = () => (pointedAt.value = `${shape}-${id}`);
  const leave = () => (pointedAt.value = null);
  if (isRenaming && shape !== "ignored") {
    return (
      <li>
        <Rename place={{ ...place, shape }} onClose={() => setRenaming(false)} />
      </li>
    );
  }
  return (
    <li onMouseEnter={point} onMouseLeave={leave} onFocusIn={point} onFocusOut={leave}>
      <span class={`place-name ${shape}`}>
        <Icon name={SIGNS[shape]} />
        {name}
      </span>
      {may.value.cameras && (
        <span class="actions">
          <PlaceButton icon="shape" verb={texts.places.reshape} name={name} onClick={() => beginChange(shape, id, points)} />
          {shape !== "ignored" && (
            <PlaceButton icon="pencil" verb={texts.places.rename} name={name} onClick={() => setRenaming(true)} />
          )}
          <PlaceButton icon="bin" verb={texts.remove} name={name} onClick={() => setRemoving(true)} />
        </span>
      )}
      {isRemoving && (
        <Confirm
          title={texts.places.removeTitle(name)}
          explanation={texts.places.removeText[shape]}
          verb={texts.remove}
          isDangerous
          work={async () => {
            await removePlace(site.camera, shape, id);
            await refreshSite();
          }}
          onClose={() => setRemoving(false)}
        />
      )}
    </li>
  );
}

/** What is drawn on the picture, by its names: to be renamed, changed and removed. */
export function Places({ site }: { site: Site }): JSX.Element {
  const texts = text.value.places;
  return (
    <div class="places">
      {SHAPES.map((shape) => {
        const found = placesOf(site, shape);
        return (
          <section key={shape} class="group" aria-label={texts.shapes[shape]}>
            <h3>{texts.shapes[shape]}</h3>
            <small>{texts.about[shape]}</small>
            <ul>
              {found.map((place) => (
                <PlaceRow key={place.id} site={site} place={place} />
              ))}
            </ul>
            {found.length === 0 && <p class="none">{texts.none[shape]}</p>}
          </section>
        );
      })}
    </div>
  );
}
