import type { JSX } from "preact";
import { listNotices } from "../../api/notices";
import { text } from "../../i18n";
import { dateTime } from "../../i18n/time";
import { usePages } from "../pages";
import { ProblemNote } from "../problem-note";

const POLL_MS = 30_000;

/** What is wrong with storage, and what was. */
export function Notices(): JSX.Element {
  const texts = text.value.keeping;
  const { items, hasMore, problem, showMore, again } = usePages(
    "notices",
    (cursor, signal) => listNotices("all", cursor, signal),
    POLL_MS,
  );
  return (
    <section class="group" aria-label={texts.notices}>
      <h3>{texts.notices}</h3>
      {problem && <ProblemNote problem={problem} retry={again} />}
      {!items && !problem && <p class="waiting">{text.value.loading}</p>}
      {items?.length === 0 && <p class="none">{texts.noNotices}</p>}
      <ul class="breaks">
        {items?.map((one) => (
          <li key={one.id} data-notice={one.kind} class={one.ended_at === null ? "mood-bad" : "mood-quiet"}>
            <strong>{texts.noticeKinds[one.kind]}</strong>{" "}
            <small>
              {one.ended_at === null
                ? texts.since(dateTime(one.began_at))
                : texts.until_(dateTime(one.began_at), dateTime(one.ended_at))}
            </small>
            <p>
              {one.subject}
              <small lang="en">{one.detail}</small>
            </p>
          </li>
        ))}
      </ul>
      {hasMore && (
        <button type="button" class="quiet more" onClick={showMore}>
          {texts.more}
        </button>
      )}
    </section>
  );
}
