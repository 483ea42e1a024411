import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { readForecast, type Amount, type Forecast as Found, type ForecastLine } from "../../api/keeping";
import { text, word } from "../../i18n";
import { dateTime } from "../../i18n/time";
import { useAct } from "../act";
import { Icon } from "../icons";
import { ProblemNote } from "../problem-note";
import { bytesText } from "./bytes";

function AmountCell({ amount, label }: { amount: Amount; label: string }): JSX.Element {
  return (
    <td class="number" data-label={label}>
      {amount.count.toLocaleString()}
      {amount.bytes > 0 && <small>{bytesText(amount.bytes)}</small>}
    </td>
  );
}

function Row({ line }: { line: ForecastLine }): JSX.Element {
  const texts = text.value.keeping;
  return (
    <tr>
      <th scope="row">
        {line.department.name}
        <small>
          {texts.media[line.medium]}
          {line.kind !== null && `${text.value.listJoint}${word("kinds", line.kind)}`}
        </small>
      </th>
      <AmountCell amount={line.goes} label={texts.goes} />
      <AmountCell amount={line.held} label={texts.heldBack} />
      <td data-label={texts.oldest}>
        {line.oldest !== null && line.newest !== null && (
          <small>{texts.until_(dateTime(line.oldest), dateTime(line.newest))}</small>
        )}
      </td>
    </tr>
  );
}

function Table({ found }: { found: Found }): JSX.Element {
  const texts = text.value.keeping;
  if (found.lines.length === 0) return <p class="none">{texts.nothingGoes}</p>;
  return (
    <table class="list cards-on-phone">
      <thead>
        <tr>
          <th scope="col">{texts.medium}</th>
          <th scope="col" class="number">
            {texts.goes}
          </th>
          <th scope="col" class="number">
            {texts.heldBack}
          </th>
          <th scope="col">{texts.oldest}</th>
        </tr>
      </thead>
      <tbody>
        {found.lines.map((line) => (
          <Row key={`${line.department.id} ${line.medium} ${line.kind}`} line={line} />
        ))}
        <tr class="sum">
          <th scope="row">{texts.sum}</th>
          <AmountCell amount={found.goes} label={texts.goes} />
          <AmountCell amount={found.held} label={texts.heldBack} />
          <td />
        </tr>
      </tbody>
    </table>
  );
}

/** What would go now of a department with all below it (null: of all of one's own): asked for by a button, since it reads much. */
export function Forecast({ department }: { department: number | null }): JSX.Element {
  const texts = text.value.keeping;
  const [found, setFound] = useState<Found | null>(null);
  const { isBusy, problem, act } = useAct();
  const look = () =>
    act(async () => {
      setFound(null);
      setFound(await readForecast(department));
    });
  return (
    <section class="group counts" aria-label={texts.forecast} aria-busy={isBusy}>
      <h3>{texts.forecast}</h3>
      <small>{texts.forecastAbout}</small>
      {problem && <ProblemNote problem={problem} />}
      {isBusy && (
        <p class="waiting" role="status">
          {texts.looking} <progress aria-label={texts.looking} />
        </p>
      )}
      {found && !found.is_whole && (
        <p class="none mood-bad">
          <Icon name="warning" /> {texts.notWhole}
        </p>
      )}
      {found && <Table found={found} />}
      <button type="button" class="quiet" disabled={isBusy} onClick={look}>
        <Icon name="search" />
        {texts.lookNow}
      </button>
    </section>
  );
}
