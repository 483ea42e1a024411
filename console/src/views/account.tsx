import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { readAccount, type Account, type LiveAccount, type Rule, type Unfulfilled } from "../api/rules";
import { asProblem } from "../api/client";
import type { Problem } from "../api/problem";
import type { RuleKind } from "../api/types";
import { text } from "../i18n";
import { nearTime } from "../i18n/time";
import { takes } from "../state/kinds";
import { ProblemNote } from "./problem-note";

/** A bar as long as this many are of all. */
function Share({ of, all }: { of: number; all: number }): JSX.Element {
  return (
    <span class="share" aria-hidden="true">
      <span style={{ width: `${(of / all) * 100}%` }} />
    </span>
  );
}

/** What became of the tracks: how many made an event, and at which condition the others came nearest to one. */
export function AccountOf({ account, kind }: { account: Account; kind: RuleKind }): JSX.Element {
  const texts = text.value.trial;
  if (account.tracks === 0) return <p>{texts.noTracks}</p>;
  const failed = Object.entries(account.unfulfilled) as [Unfulfilled, number][];
  const words = (why: Unfulfilled, count: number) =>
    why === "place" && takes(kind, "line") ? texts.neverCrossed(count) : texts.unfulfilled[why](count);
  return (
    <div class="account">
      <strong>{texts.tracks(account.tracks)}</strong>
      <ul>
        <li class="made">
          <Share of={account.with_event} all={account.tracks} />
          {texts.madeEvent(account.with_event)}
        </li>
        {failed.map(([why, count]) => (
          <li key={why} data-why={why}>
            <Share of={count} all={account.tracks} />
            {words(why, count)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** "Why did nothing happen?", as the worker that applies the rule tells it. */
export function WhyNothing({ rule, camera }: { rule: Rule; camera: number }): JSX.Element {
  const texts = text.value.trial;
  const [account, setAccount] = useState<LiveAccount | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    readAccount(rule.id, camera, stop.signal).then(
      (found) => {
        setAccount(found);
        setProblem(null);
      },
      (error) => {
        if (!stop.signal.aborted) setProblem(asProblem(error));
      },
    );
    return () => stop.abort();
  }, [rule.id, camera, asked]);
  const isUnwatched = problem?.status === 404;
  return (
    <div class="why" role="region" aria-label={texts.whyTitle(rule.name)}>
      {problem && !isUnwatched && <ProblemNote problem={problem} />}
      {isUnwatched && (
        <p>
          {texts.nobodyWatches} <small lang="en">{problem.hint}</small>
        </p>
      )}
      {!problem && account && (
        <>
          <small>{texts.since(nearTime(account.since))}</small>
          <AccountOf account={account} kind={rule.kind} />
        </>
      )}
      {!problem && !account && <p>{text.value.loading}</p>}
      <button type="button" class="quiet" onClick={() => setAsked(asked + 1)}>
        {texts.again}
      </button>
    </div>
  );
}
