import type { JSX } from "preact";
import type { TakenHold } from "../../api/holds";
import { text } from "../../i18n";
import { bytesText } from "./bytes";

/** What a new hold covers, and what was on its way out already. */
export function Taken({ hold }: { hold: TakenHold }): JSX.Element {
  const texts = text.value.keeping;
  const { covers, leaving } = hold;
  const least = covers.at_least ? texts.atLeast : "";
  const events = `${least}${covers.events.toLocaleString()}`;
  return (
    <p class="taken" role="status">
      {texts.taken(events, covers.media.toLocaleString(), bytesText(covers.bytes))}
      {leaving > 0 && ` ${texts.leaving(leaving)}`}
    </p>
  );
}
