import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { listHolds, releaseHold, type Hold, type TakenHold } from "../../api/holds";
import { deskLink } from "../../desk";
import { text } from "../../i18n";
import { dateTime } from "../../i18n/time";
import { mayKeep } from "../../state/keeping";
import { Icon } from "../icons";
import { Instant } from "../instant";
import { usePages } from "../pages";
import { ProblemNote } from "../problem-note";
import { HoldForm } from "./hold-form";
import { ReleaseForm } from "./release-form";
import { Taken } from "./taken";

const POLL_MS = 30_000;

type Open = { what: "take" } | { what: "release"; hold: Hold };

function On({ hold }: { hold: Hold }): JSX.Element {
  const texts = text.value.keeping;
  if (hold.event !== null) return <a href={`#/events?open=${hold.event}`}>{`${texts.onEvent} ${hold.event}`}</a>;
  if (hold.camera !== null) {
    return <a href={deskLink("catalogue", hold.camera.id)}>{hold.camera.name || `${texts.onCamera} ${hold.camera.id}`}</a>;
  }
  return <>{hold.department?.name}</>;
}

function Time({ hold }: { hold: Hold }): JSX.Element | null {
  if (hold.event !== null) return null;
  const texts = text.value.keeping;
  if (hold.from === null && hold.until === null) return <>{texts.always}</>;
  return <>{texts.until_(hold.from === null ? "…" : dateTime(hold.from), hold.until === null ? "…" : dateTime(hold.until))}</>;
}

function Item({ hold, onRelease }: { hold: Hold; onRelease: () => void }): JSX.Element {
  const texts = text.value.keeping;
  const { released } = hold;
  return (
    <li data-hold={hold.id} class={released === null ? "" : "dim"}>
      <div class="group-head">
        <strong>{hold.name}</strong>
        {hold.may_release && (
          <button
            type="button"
            class="quiet"
            aria-label={`${texts.release}${text.value.colon}${hold.name}`}
            onClick={onRelease}
          >
            {texts.release}
          </button>
        )}
      </div>
      <p>
        <On hold={hold} /> <small>
          <Time hold={hold} />
        </small>
      </p>
      <p>{hold.reason}</p>
      <small>
        {hold.owner?.name ?? texts.ofCity} · {hold.made_by} · <Instant at={hold.made_at}>{dateTime(hold.made_at)}</Instant>
      </small>
      {released && (
        <p>
          <small>
            {texts.released(released.by, dateTime(released.at))}
            {text.value.colon}
            {released.why}
          </small>
        </p>
      )}
    </li>
  );
}

/** What must not be removed. */
export function Holds(): JSX.Element {
  const texts = text.value.keeping;
  const [open, setOpen] = useState<Open | null>(null);
  const [taken, setTaken] = useState<TakenHold | null>(null);
  const [withReleased, setWithReleased] = useState(false);
  const { items, hasMore, problem, showMore, again } = usePages(
    `holds ${withReleased}`,
    (cursor, signal) => listHolds(withReleased ? null : true, cursor, signal),
    POLL_MS,
  );
  const close = () => setOpen(null);
  return (
    <section class="group holds" aria-label={texts.holds}>
      <div class="group-head">
        <h3>{texts.holds}</h3>
        {mayKeep.value && (
          <button type="button" class="quiet" onClick={() => setOpen({ what: "take" })}>
            <Icon name="plus" />
            {texts.takeHold}
          </button>
        )}
      </div>
      <small>{texts.holdsAbout}</small>
      <label class="tick">
        <input
          type="checkbox"
          checked={withReleased}
          onChange={(event) => setWithReleased(event.currentTarget.checked)}
        />
        <span>{texts.showReleased}</span>
      </label>
      {taken && <Taken hold={taken} />}
      {problem && <ProblemNote problem={problem} retry={again} />}
      {!items && !problem && <p class="waiting">{text.value.loading}</p>}
      {items?.length === 0 && (
        <p class="none">
          <strong>{texts.noHolds}</strong> <small>{texts.noHoldsHint}</small>
        </p>
      )}
      <ul class="breaks">
        {items?.map((hold) => (
          <Item key={hold.id} hold={hold} onRelease={() => setOpen({ what: "release", hold })} />
        ))}
      </ul>
      {hasMore && (
        <button type="button" class="quiet more" onClick={showMore}>
          {texts.more}
        </button>
      )}
      {open?.what === "take" && (
        <HoldForm
          event={null}
          onClose={close}
          onTaken={(made) => {
            close();
            setTaken(made);
            again();
          }}
        />
      )}
      {open?.what === "release" && (
        <ReleaseForm
          hold={open.hold}
          work={async (why) => {
            await releaseHold(open.hold.id, why);
            setTaken(null);
            again();
          }}
          onClose={close}
        />
      )}
    </section>
  );
}
