import type { JSX } from "preact";
import { SECTORS, type Sector } from "../../api/departments";
import { deskLink } from "../../desk";
import { text, word } from "../../i18n";
import { go, route } from "../../route";
import { Icon } from "../icons";
import { RegionTree } from "./region-tree";

/** Where: a region, an area of the map, a sector. */
export function PlaceFilter(): JSX.Element {
  const texts = text.value;
  const { sectors, bbox } = route.value;
  const toggle = (sector: Sector) =>
    go({ sectors: SECTORS.filter((one) => sectors.includes(one) !== (one === sector)) });
  const map = deskLink("map", null, new URLSearchParams(bbox === null ? {} : { bbox }));
  return (
    <>
      <RegionTree />
      <a class="button quiet" href={map}>
        <Icon name="zone" />
        {texts.search.drawArea}
      </a>
      <fieldset class="field">
        <legend>{texts.catalogue.sector}</legend>
        <div class="choice">
          {SECTORS.map((sector) => (
            <label key={sector} class="pick">
              <input type="checkbox" checked={sectors.includes(sector)} onChange={() => toggle(sector)} />
              <span>{word("sectors", sector)}</span>
            </label>
          ))}
        </div>
      </fieldset>
    </>
  );
}
