import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { listKeepingRules, readTerms, removeKeepingRule, type KeepingRule, type Term } from "../../api/keeping";
import { text, word } from "../../i18n";
import { isOfTheCity, mayKeep } from "../../state/keeping";
import { useAnswer } from "../answer";
import { Confirm } from "../confirm";
import { Icon } from "../icons";
import { ProblemNote } from "../problem-note";
import { RuleForm } from "./rule-form";

type Open = { what: "set"; term: Term | null; rule: KeepingRule | null } | { what: "remove"; rule: KeepingRule };

export function daysText(days: number | null): string {
  const texts = text.value.keeping;
  return days === null ? texts.forEver : texts.days(Math.round(days * 100) / 100);
}

/** What is kept, by its name: `Pictures, Intrusion`. */
function whatText({ medium, kind }: Pick<Term, "medium" | "kind">): string {
  const texts = text.value.keeping;
  return kind === null ? texts.media[medium] : `${texts.media[medium]}${text.value.listJoint}${word("kinds", kind)}`;
}

interface RowProps {
  term: Term;
  /** The rule that says so, where it is the department's own. */
  own: KeepingRule | null;
  mayChange: boolean;
  onOpen: (open: Open) => void;
}

function Row({ term, own, mayChange, onOpen }: RowProps): JSX.Element {
  const texts = text.value.keeping;
  const what = whatText(term);
  const said = own !== null ? texts.here : term.rule === null ? texts.settings : texts.above;
  return (
    <tr data-medium={term.medium} data-kind={term.kind ?? ""}>
      <th scope="row">
        {texts.media[term.medium]}
        {term.kind !== null && <small>{word("kinds", term.kind)}</small>}
      </th>
      <td data-label={texts.kept}>
        <b>{daysText(term.days)}</b>
        {term.limited_by !== null && <small>{texts.limited(texts.media[term.limited_by])}</small>}
      </td>
      <td data-label={texts.saidBy}>{said}</td>
      <td class="row-acts">
        {mayChange && (
          <button
            type="button"
            class="bare"
            title={texts.changeRule}
            aria-label={`${texts.changeRule}${text.value.colon}${what}`}
            onClick={() => onOpen({ what: "set", term, rule: own })}
          >
            <Icon name="pencil" />
          </button>
        )}
        {mayChange && own !== null && (
          <button
            type="button"
            class="bare"
            title={texts.removeRule}
            aria-label={`${texts.removeRule}${text.value.colon}${what}`}
            onClick={() => onOpen({ what: "remove", rule: own })}
          >
            <Icon name="bin" />
          </button>
        )}
      </td>
    </tr>
  );
}

/** For how long what is kept of a department (null: of the city), and who says so. */
export function Terms({ department }: { department: number | null }): JSX.Element {
  const texts = text.value.keeping;
  const [open, setOpen] = useState<Open | null>(null);
  const { answer, problem, again } = useAnswer(`terms ${department}`, async (signal) => {
    const [found, rules] = await Promise.all([readTerms(department, signal), listKeepingRules(signal)]);
    return { found, own: rules.items.filter((one) => (one.department?.id ?? null) === department) };
  });
  const mayChange = isOfTheCity.value || (mayKeep.value && department !== null);
  const close = () => setOpen(null);
  return (
    <section class="group counts" aria-label={texts.rules}>
      <h3>{texts.rules}</h3>
      <small>{texts.rulesAbout}</small>
      {problem && <ProblemNote problem={problem} retry={again} />}
      {!answer && !problem && <p class="waiting">{text.value.loading}</p>}
      {answer && (
        <table class="list">
          <thead>
            <tr>
              <th scope="col">{texts.medium}</th>
              <th scope="col">{texts.kept}</th>
              <th scope="col">{texts.saidBy}</th>
              <th>
                <span class="unseen">{texts.changeRule}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {answer.found.terms.map((term) => (
              <Row
                key={`${term.medium} ${term.kind}`}
                term={term}
                own={answer.own.find(({ medium, kind }) => medium === term.medium && kind === term.kind) ?? null}
                mayChange={mayChange}
                onOpen={setOpen}
              />
            ))}
          </tbody>
        </table>
      )}
      {answer && mayChange && (
        <button type="button" class="quiet" onClick={() => setOpen({ what: "set", term: null, rule: null })}>
          <Icon name="plus" />
          {texts.setRule}
        </button>
      )}
      {open?.what === "set" && answer && (
        <RuleForm
          department={department}
          term={open.term}
          rules={answer.own}
          longestDays={isOfTheCity.value ? null : answer.found.longest_days}
          onClose={close}
          onSaved={() => {
            close();
            again();
          }}
        />
      )}
      {open?.what === "remove" && (
        <Confirm
          title={texts.removeRuleTitle(whatText(open.rule))}
          explanation={texts.removeRuleText}
          verb={texts.removeRule}
          isDangerous
          work={async () => {
            await removeKeepingRule(open.rule);
            again();
          }}
          onClose={close}
        />
      )}
    </section>
  );
}
