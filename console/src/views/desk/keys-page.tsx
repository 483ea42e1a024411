import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { listKeys, revokeKey, type ApiKey } from "../../api/keys";
import { desk, setQuery } from "../../desk";
import { text, word } from "../../i18n";
import { dateTime, nearTime, now } from "../../i18n/time";
import { departmentsOf } from "../../state/giving";
import { departments } from "../../state/names";
import { who } from "../../state/session";
import { Confirm } from "../confirm";
import { Empty } from "../empty";
import { Icon } from "../icons";
import { Instant } from "../instant";
import { Once } from "../once";
import { usePages } from "../pages";
import { ProblemNote } from "../problem-note";
import { Head } from "./head";
import { KeyForm } from "./key-form";

const POLL_MS = 20_000;

type Open = { what: "make" } | { what: "revoke"; key: ApiKey } | { what: "made"; key: ApiKey; text: string };

function Expiry({ entry }: { entry: ApiKey }): JSX.Element {
  const texts = text.value.people;
  if (entry.revoked_at !== null) {
    return (
      <span class="badge mood-quiet">
        <Icon name="close" />
        <Instant at={entry.revoked_at}>{`${texts.revoked} ${dateTime(entry.revoked_at)}`}</Instant>
      </span>
    );
  }
  if (entry.expires_at === null) return <span>{texts.neverExpires}</span>;
  const isOver = Date.parse(entry.expires_at) <= now.value;
  return (
    <span class={isOver ? "mood-bad badge" : ""}>
      <Instant at={entry.expires_at}>{isOver ? texts.expired : dateTime(entry.expires_at)}</Instant>
    </span>
  );
}

function Row({ entry, onRevoke }: { entry: ApiKey; onRevoke: () => void }): JSX.Element {
  const texts = text.value.people;
  return (
    <tr data-key={entry.id} class={entry.revoked_at === null ? "" : "dim"}>
      <th scope="row">
        {entry.name} <small class="code">{`${entry.beginning}…`}</small>
      </th>
      <td data-label={texts.role}>{word("roles", entry.role)}</td>
      <td data-label={texts.department}>{entry.department?.name ?? texts.ofCity}</td>
      <td data-label={texts.madeBy}>
        {entry.made_by?.name ?? texts.onServer}{" "}
        <small>
          <Instant at={entry.made_at}>{dateTime(entry.made_at)}</Instant>
        </small>
      </td>
      <td data-label={texts.seen}>
        {entry.seen_at ? <Instant at={entry.seen_at}>{nearTime(entry.seen_at)}</Instant> : <small>{texts.never}</small>}
      </td>
      <td data-label={texts.expires}>
        <Expiry entry={entry} />
      </td>
      <td class="row-acts">
        {entry.revoked_at === null && (
          <button
            type="button"
            class="bare"
            title={texts.revoke}
            aria-label={`${texts.revoke}${text.value.colon}${entry.name}`}
            onClick={onRevoke}
          >
            <Icon name="bin" />
          </button>
        )}
      </td>
    </tr>
  );
}

/** The keys by which programs come in. */
export function KeysPage(): JSX.Element | null {
  const texts = text.value.people;
  const [open, setOpen] = useState<Open | null>(null);
  const session = who.value;
  const query = desk.value?.query ?? new URLSearchParams();
  const filter = { department: Number(query.get("department")) || null, revoked: query.get("revoked") === "true" };
  const { items, hasMore, problem, showMore, again } = usePages(
    JSON.stringify(filter),
    (cursor, signal) => listKeys(filter, cursor, signal),
    POLL_MS,
  );
  if (session === null) return null;
  const close = () => setOpen(null);
  return (
    <>
      <Head title={text.value.catalogue.pages.keys} note={items ? texts.keysNote(items.length, hasMore) : undefined}>
        <button type="button" class="main" onClick={() => setOpen({ what: "make" })}>
          <Icon name="plus" />
          {texts.makeKey}
        </button>
      </Head>
      <div class="tools" role="search">
        <select
          class="among"
          aria-label={texts.department}
          value={filter.department ?? ""}
          onChange={(event) => setQuery({ department: event.currentTarget.value || null })}
        >
          <option value="">{texts.anyDepartment}</option>
          {departmentsOf(session, departments.value ?? []).map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
        <button
          type="button"
          class={filter.revoked ? "chip set" : "chip"}
          aria-pressed={filter.revoked}
          onClick={() => setQuery({ revoked: filter.revoked ? null : "true" })}
        >
          {texts.showRevoked}
        </button>
      </div>
      <div class="desk-body">
        {problem && <ProblemNote problem={problem} retry={again} />}
        {!items && !problem && <p class="waiting">{text.value.loading}</p>}
        {items?.length === 0 && <Empty icon="key" title={texts.noKeys} hint={texts.noKeysHint} />}
        {items && items.length > 0 && (
          <table class="list cards-on-phone">
            <thead>
              <tr>
                {[texts.key, texts.role, texts.department, texts.madeBy, texts.seen, texts.expires].map((words) => (
                  <th key={words} scope="col">
                    {words}
                  </th>
                ))}
                <th>
                  <span class="unseen">{texts.revoke}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((entry) => (
                <Row key={entry.id} entry={entry} onRevoke={() => setOpen({ what: "revoke", key: entry })} />
              ))}
            </tbody>
          </table>
        )}
        {hasMore && (
          <button type="button" class="quiet more" onClick={showMore}>
            {texts.more}
          </button>
        )}
      </div>
      {open?.what === "make" && (
        <KeyForm
          giver={session}
          onClose={close}
          onMade={(key, words) => {
            setOpen({ what: "made", key, text: words });
            again();
          }}
        />
      )}
      {open?.what === "made" && (
        <Once title={texts.keyTitle(open.key.name)} label={texts.key} value={open.text} onClose={close}>
          <p>{texts.keyText}</p>
        </Once>
      )}
      {open?.what === "revoke" && (
        <Confirm
          title={texts.revokeTitle(open.key.name)}
          explanation={texts.revokeText}
          verb={texts.revoke}
          isDangerous
          work={async () => {
            await revokeKey(open.key.id);
            again();
          }}
          onClose={close}
        />
      )}
    </>
  );
}
