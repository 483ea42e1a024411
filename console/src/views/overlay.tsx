import type { JSX } from "preact";
import type { Point } from "../api/types";
import { text, word } from "../i18n";
import { drawing, pointedAt, type Shape } from "../state/drawing";
import type { Site } from "../state/site";
import { DirectedLine, Label } from "./arrow";
import type { Size } from "./size";

export const inPixels = (points: readonly Point[], { width, height }: Size): string =>
  points.map(([x, y]) => `${x * width},${y * height}`).join(" ");

interface AreaProps {
  points: readonly Point[];
  size: Size;
  name: string;
}

function Area({ points, size, name }: AreaProps): JSX.Element {
  const middle = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  return (
    <>
      <polygon points={inPixels(points, size)} class="halo" />
      <polygon points={inPixels(points, size)} />
      <Label x={middle(0) * size.width} y={middle(1) * size.height} words={name} size={size} />
    </>
  );
}

/** Privacy areas, zones, lines and ignored areas over the picture; what is being changed is drawn elsewhere. */
export function Overlay({ site, size }: { site: Site; size: Size }): JSX.Element {
  const texts = text.value.places;
  const changing = drawing.value;
  const isShown = (shape: Shape, id: number) => !(changing?.shape === shape && changing.of === id);
  const look = (shape: Shape, id: number) => (pointedAt.value === `${shape}-${id}` ? `${shape} pointed` : shape);
  const ignored = site.camera.attention.ignored;
  return (
    <svg class="overlay" viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-label={texts.drawn}>
      {site.privacy.map(
        ({ id, name, points }) =>
          isShown("privacy", id) && (
            <g key={`privacy-${id}`} class={look("privacy", id)} data-privacy={id}>
              <Area points={points} size={size} name={name} />
            </g>
          ),
      )}
      {ignored.map(
        (points, n) =>
          isShown("ignored", n) && (
            <g key={`ignored-${n}`} class={look("ignored", n)}>
              <Area points={points} size={size} name={texts.ignoredArea(n + 1)} />
            </g>
          ),
      )}
      {site.zones.map(
        ({ id, name, points }) =>
          isShown("zone", id) && (
            <g key={`zone-${id}`} class={look("zone", id)} data-zone={id}>
              <Area points={points} size={size} name={name} />
            </g>
          ),
      )}
      {site.lines.map(
        ({ id, name, start, end }) =>
          isShown("line", id) && (
            <g key={`line-${id}`} class={look("line", id)} data-line={id}>
              <DirectedLine
                start={start}
                end={end}
                size={size}
                name={name}
                toRight={word("directions", "left_to_right")}
                toLeft={word("directions", "right_to_left")}
              />
            </g>
          ),
      )}
    </svg>
  );
}
