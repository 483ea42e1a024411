import type { JSX } from "preact";
import { deskLink } from "../../desk";
import { text } from "../../i18n";
import { route } from "../../route";
import { SectorFilter } from "../filter-sector";
import { Icon } from "../icons";
import { RegionTree } from "./region-tree";

/** Where: a region, an area of the map, a sector. */
export function PlaceFilter(): JSX.Element {
  const texts = text.value;
  const { bbox } = route.value;
  const map = deskLink("map", null, new URLSearchParams(bbox === null ? {} : { bbox }));
  return (
    <>
      <RegionTree />
      <a class="button quiet" href={map}>
        <Icon name="zone" />
        {texts.search.drawArea}
      </a>
      <SectorFilter />
    </>
  );
}
