import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { readEvent } from "../api/events";
import type { TakenHold } from "../api/holds";
import type { EventRecord } from "../api/types";
import { text } from "../i18n";
import { mayKeep } from "../state/keeping";
import { learnOpenEvent } from "../state/open-event";
import { Icon } from "./icons";
import { HoldForm } from "./keeping/hold-form";
import { Taken } from "./keeping/taken";

/** Whether the event is held, and the way to hold it for who may. */
export function HoldEvent({ event }: { event: EventRecord }): JSX.Element | null {
  const texts = text.value.keeping;
  const [isOpen, setOpen] = useState(false);
  const [taken, setTaken] = useState<TakenHold | null>(null);
  if (!event.held && !mayKeep.value) return null;
  return (
    <div class="hold-event">
      {event.held && (
        <span class="badge" title={texts.isHeldHint}>
          <Icon name="key" />
          {texts.isHeld}
        </span>
      )}
      {mayKeep.value && taken === null && (
        <button type="button" class="quiet" onClick={() => setOpen(true)}>
          {texts.holdEvent}
        </button>
      )}
      {taken && <Taken hold={taken} />}
      {isOpen && (
        <HoldForm
          event={event.id}
          onClose={() => setOpen(false)}
          onTaken={(made) => {
            setOpen(false);
            setTaken(made);
            void readEvent(event.id).then(learnOpenEvent, () => undefined);
          }}
        />
      )}
    </div>
  );
}
