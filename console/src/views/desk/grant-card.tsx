import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { decideOnGrant, type Grant, type GrantState, type GrantVerb } from "../../api/grants";
import { deskLink } from "../../desk";
import { text } from "../../i18n";
import { dateTime, now } from "../../i18n/time";
import { refreshRequested } from "../../state/waiting";
import { who } from "../../state/session";
import { Icon, type IconName } from "../icons";
import { Decide } from "./decide";
import { grantInWords, rightNames, timeInWords } from "./grant-words";

const MOODS: Record<GrantState, string> = {
  requested: "busy",
  approved: "good",
  refused: "bad",
  revoked: "quiet",
  expired: "quiet",
};
const SIGNS: Record<GrantState, IconName> = {
  requested: "question",
  approved: "live",
  refused: "close",
  revoked: "close",
  expired: "pause",
};

/** What became of a grant: who asked, who decided, how it ended; each with its reason. */
function History({ grant }: { grant: Grant }): JSX.Element {
  const texts = text.value.sharing;
  const { decided, ended } = grant;
  const decidedWords = grant.state === "refused" ? texts.refused : texts.approved;
  return (
    <ul class="grant-history">
      <li>{texts.asked(grant.asked_by.name, dateTime(grant.asked_at))}</li>
      {decided && (
        <li>
          {decidedWords(decided.by?.name ?? null, dateTime(decided.at))}
          {decided.why && <q>{decided.why}</q>}
        </li>
      )}
      {ended && (
        <li>
          {texts.ended(ended.by?.name ?? null, dateTime(ended.at))}
          {ended.why && <q>{ended.why}</q>}
        </li>
      )}
    </ul>
  );
}

interface CardProps {
  grant: Grant;
  onDone: () => void;
}

/** A grant in words, with what one may do about it. */
export function GrantCard({ grant, onDone }: CardProps): JSX.Element {
  const texts = text.value.sharing;
  const [deciding, setDeciding] = useState<GrantVerb | null>(null);
  const isOwn = grant.asked_by.id === who.value?.person?.id;
  const verbs: Record<GrantVerb, string> = {
    approve: texts.approve,
    refuse: isOwn ? texts.takeBack : texts.refuse,
    revoke: texts.revoke,
  };
  const titles: Record<GrantVerb, string> = {
    approve: texts.approveTitle,
    refuse: texts.refuseTitle,
    revoke: texts.revokeTitle,
  };
  const button = (verb: GrantVerb, kind: string) => (
    <button type="button" class={kind} onClick={() => setDeciding(verb)}>
      {verbs[verb]}
    </button>
  );
  return (
    <li class={`grant mood-${MOODS[grant.state]}`} data-grant={grant.id} data-state={grant.state}>
      <header>
        <span class="badge">
          <Icon name={SIGNS[grant.state]} />
          {texts.states[grant.state]}
        </span>
        <a class="number" href={deskLink("sharing", grant.id)}>
          {texts.byGrant(grant.id)}
        </a>
      </header>
      <p class="grant-words">
        {grantInWords(grant)}
        <span>{timeInWords(grant, now.value)}</span>
      </p>
      <p class="grant-purpose">{texts.purposeOf(grant.purpose)}</p>
      <ul class="grant-rights">
        {rightNames(grant.rights).map((name) => (
          <li key={name}>{name}</li>
        ))}
        {grant.rights.includes("events") && (
          <li class="since">{grant.history ? texts.withHistory : texts.withoutHistory}</li>
        )}
      </ul>
      <History grant={grant} />
      {(grant.may.approve || grant.may.refuse || grant.may.revoke) && (
        <div class="buttons">
          {grant.may.refuse && button("refuse", "quiet")}
          {grant.may.revoke && button("revoke", "quiet")}
          {grant.may.approve && button("approve", "main")}
        </div>
      )}
      {deciding && (
        <Decide
          title={titles[deciding]}
          explanation={deciding === "revoke" ? texts.revokeText : grantInWords(grant)}
          verb={verbs[deciding]}
          isDangerous={deciding !== "approve"}
          mustSayWhy={deciding !== "approve"}
          work={async (why) => {
            await decideOnGrant(grant.id, deciding, why);
            onDone();
            void refreshRequested();
          }}
          onClose={() => setDeciding(null)}
        />
      )}
    </li>
  );
}
