import type { JSX } from "preact";
import { listViewers, type Viewer, type Way } from "../../api/grants";
import { deskLink } from "../../desk";
import { joined, text, word } from "../../i18n";
import { dateTime } from "../../i18n/time";
import { useAnswer } from "../answer";
import { Instant } from "../instant";
import { ProblemNote } from "../problem-note";
import { rightNames } from "./grant-words";

function whoInWords({ kind, department, role, person }: Viewer["who"]): string {
  const texts = text.value.sharing;
  switch (kind) {
    case "department":
      return texts.allOf(department?.name ?? "");
    case "role":
      return texts.roleOf(word("roles", role ?? ""), department?.name ?? "");
    case "person":
      return person?.name ?? "";
    case "everybody":
      return texts.everybody;
    case "city":
      return texts.rolesOfCity(word("roles", role ?? ""));
  }
}

/** What lets somebody see something; a grant is a link. */
export function WayInWords({ through }: { through: Way }): JSX.Element {
  const texts = text.value.sharing;
  if (through.grant === null) return <>{texts.ways[through.kind]}</>;
  return <a href={deskLink("sharing", through.grant)}>{texts.byGrant(through.grant)}</a>;
}

export function UntilWhen({ until }: { until: string | null }): JSX.Element {
  return until === null ? <small>–</small> : <Instant at={until}>{dateTime(until)}</Instant>;
}

/** Who can see a camera, and through what: for those who look after it. */
export function Viewers({ camera }: { camera: number }): JSX.Element {
  const texts = text.value.sharing;
  const { answer, problem, again } = useAnswer(String(camera), (signal) => listViewers(camera, signal));
  return (
    <section class="group counts viewers" aria-label={texts.viewers}>
      <h3>{texts.viewers}</h3>
      <small>{texts.viewersAbout}</small>
      {problem && <ProblemNote problem={problem} retry={again} />}
      {!answer && !problem && <p class="waiting">{text.value.loading}</p>}
      {answer?.items.length === 0 && <p class="none">{texts.noViewers}</p>}
      {answer && answer.items.length > 0 && (
        <table class="list cards-on-phone">
          <thead>
            <tr>
              {[texts.who, texts.rightsHead, texts.through, texts.untilHead].map((words) => (
                <th key={words} scope="col">
                  {words}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {answer.items.map(({ who, rights, through, until }, n) => (
              <tr key={n} data-way={through.kind}>
                <th scope="row">{whoInWords(who)}</th>
                <td data-label={texts.rightsHead}>{joined(rightNames(rights))}</td>
                <td data-label={texts.through}>
                  <WayInWords through={through} />
                </td>
                <td data-label={texts.untilHead}>
                  <UntilWhen until={until} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
