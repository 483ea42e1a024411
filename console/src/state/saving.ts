import { changeAttention } from "../api/cameras";
import {
  addLine,
  addPrivacyArea,
  addZone,
  changeLine,
  changePrivacyArea,
  changeZone,
  removeLine,
  removePrivacyArea,
  removeZone,
} from "../api/places";
import type { Camera, Point } from "../api/types";
import type { Drawing, NamedShape, Shape } from "./drawing";

/** Send what was drawn to the server; `name` is null for what keeps its own, or has none. */
export async function saveDrawing(camera: Camera, { shape, of, points }: Drawing, name: string | null): Promise<void> {
  const named = name === null ? {} : { name };
  switch (shape) {
    case "zone":
      await (of === null ? addZone(camera.id, { name: name ?? "", points }) : changeZone(of, { ...named, points }));
      return;
    case "line": {
      const [start, end] = points as [Point, Point];
      await (of === null ? addLine(camera.id, { name: name ?? "", start, end }) : changeLine(of, { ...named, start, end }));
      return;
    }
    case "privacy":
      await (of === null
        ? addPrivacyArea(camera.id, { name: name ?? "", points })
        : changePrivacyArea(of, { ...named, points }));
      return;
    case "ignored": {
      const { ignored } = camera.attention;
      const areas = of === null ? [...ignored, points] : ignored.map((area, n) => (n === of ? points : area));
      await changeAttention(camera.id, { ignored: areas });
    }
  }
}

const RENAME: Record<NamedShape, (id: number, named: { name: string }) => Promise<unknown>> = {
  zone: changeZone,
  line: changeLine,
  privacy: changePrivacyArea,
};

export async function renamePlace(shape: NamedShape, id: number, name: string): Promise<void> {
  await RENAME[shape](id, { name });
}

/** Remove a zone, a line, a privacy area, or an ignored area: that one by its place in the list. */
export async function removePlace(camera: Camera, shape: Shape, id: number): Promise<void> {
  if (shape === "zone") await removeZone(id);
  else if (shape === "line") await removeLine(id);
  else if (shape === "privacy") await removePrivacyArea(id);
  else await changeAttention(camera.id, { ignored: camera.attention.ignored.filter((_, n) => n !== id) });
}
