import type { JSX } from "preact";
import type { Attempt } from "../../api/deliveries";
import { text } from "../../i18n";
import { clockTime } from "../../i18n/time";
import { Instant } from "../instant";

/** The beginning of an answer. A stranger wrote it: it is shown as plain text, in a place of its own. */
function Answer({ said }: { said: string }): JSX.Element | null {
  const texts = text.value.deliveries;
  if (said === "") return null;
  return (
    <details class="answer">
      <summary>{texts.byStranger}</summary>
      <pre>{said}</pre>
    </details>
  );
}

/** Each attempt: when, how long it took, what was answered, or what went wrong. */
export function Attempts({ tries }: { tries: readonly Attempt[] }): JSX.Element {
  const texts = text.value.deliveries;
  const { n, at, took, status, answer } = texts.attemptColumns;
  return (
    <table class="list attempts cards-on-phone">
      <thead>
        <tr>
          {[n, at, took, status, answer].map((words) => (
            <th key={words} scope="col">
              {words}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {tries.map((one) => (
          <tr key={one.n} data-attempt={one.n}>
            <th scope="row">{one.n}</th>
            <td data-label={at}>
              <Instant at={one.at}>{clockTime(one.at)}</Instant>
            </td>
            <td data-label={took}>{texts.milliseconds(one.took_ms.toLocaleString())}</td>
            <td data-label={status}>{one.status ?? <small>{texts.noAnswer}</small>}</td>
            <td>
              {one.error && (
                <span class="mood-bad told" lang="en">
                  {one.error}
                </span>
              )}
              <Answer said={one.answer} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
