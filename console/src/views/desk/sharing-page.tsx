import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { listGrants, readGrant, type Grant, type GrantState } from "../../api/grants";
import { desk, deskLink, setQuery } from "../../desk";
import { text } from "../../i18n";
import { departmentsOf } from "../../state/giving";
import { isIn, TABS, type Tab } from "../../state/grant-draft";
import { departments } from "../../state/names";
import { who } from "../../state/session";
import { refreshWaiting, toAgree, waitingCount } from "../../state/waiting";
import { useAnswer } from "../answer";
import { Empty } from "../empty";
import { Icon } from "../icons";
import { usePages } from "../pages";
import { ProblemNote } from "../problem-note";
import { GrantCard } from "./grant-card";
import { grantInWords } from "./grant-words";
import { Head } from "./head";
import { WishCard } from "./wish-card";

const POLL_MS = 20_000;
/** What the server is asked for; a list of several states is picked out here. */
const STATES: Record<Tab, GrantState | null> = { waiting: "requested", given: "approved", received: "approved", over: null };

const tabIn = (query: URLSearchParams): Tab => TABS.find((one) => one === query.get("tab")) ?? "waiting";

function Tools({ tab, q }: { tab: Tab; q: string }): JSX.Element {
  const texts = text.value.sharing;
  // Who looks after the whole city has nothing that others would give.
  const isOfCity = who.value?.department === null && who.value.role === "city_admin";
  return (
    <div class="tools" role="search">
      <fieldset class="segments">
        <legend class="unseen">{texts.list}</legend>
        {TABS.filter((one) => !(isOfCity && one === "received")).map((one) => (
          <label key={one}>
            <input
              type="radio"
              name="tab"
              checked={tab === one}
              onChange={() => setQuery({ tab: one === "waiting" ? null : one })}
            />
            <span>
              {isOfCity && one === "given" ? texts.states.approved : texts.tabs[one]}
              {one === "waiting" && waitingCount.value > 0 && ` · ${waitingCount.value}`}
            </span>
          </label>
        ))}
      </fieldset>
      <label class="search wide">
        <Icon name="search" />
        <input
          type="search"
          value={q}
          placeholder={texts.find}
          aria-label={texts.find}
          maxLength={128}
          onInput={(event) => setQuery({ q: event.currentTarget.value || null }, "replace")}
        />
      </label>
    </div>
  );
}

function Cards({ title, grants, onDone }: { title?: string; grants: readonly Grant[]; onDone: () => void }): JSX.Element | null {
  if (grants.length === 0) return null;
  return (
    <section class="grants" aria-label={title}>
      {title && <h3>{title}</h3>}
      <ul>
        {grants.map((grant) => (
          <GrantCard key={grant.id} grant={grant} onDone={onDone} />
        ))}
      </ul>
    </section>
  );
}

/** What is shared with whom: wishes, grants in force, and those that are over. */
function SharingLists(): JSX.Element {
  const texts = text.value.sharing;
  const query = desk.value?.query ?? new URLSearchParams();
  const tab = tabIn(query);
  const q = (query.get("q") ?? "").trim().toLowerCase();
  const { items, hasMore, problem, showMore, again } = usePages(
    tab,
    (cursor, signal) => listGrants(STATES[tab], cursor, signal),
    POLL_MS,
  );
  useEffect(() => void refreshWaiting(), []);
  const session = who.value;
  const own =
    session === null || (session.department === null && session.role === "city_admin")
      ? null
      : session.department === null
        ? new Set<number>()
        : new Set(departmentsOf(session, departments.value ?? []).map(({ id }) => id));
  const self = session?.person?.id ?? null;
  const found = (grant: Grant) =>
    q === "" || `${grantInWords(grant)} ${grant.purpose} ${grant.asked_by.name}`.toLowerCase().includes(q);
  const shown = items?.filter((grant) => isIn(tab, grant, own, self) && found(grant)) ?? null;
  const wishes = tab === "waiting" ? toAgree.value : [];
  return (
    <>
      <Head title={text.value.catalogue.pages.sharing} note={shown ? texts.note(shown.length, hasMore) : undefined}>
        <NewButton />
      </Head>
      <Tools tab={tab} q={query.get("q") ?? ""} />
      <div class="desk-body padded">
        {problem && <ProblemNote problem={problem} retry={again} />}
        {!shown && !problem && <p class="waiting">{text.value.loading}</p>}
        {wishes.length > 0 && (
          <section class="grants" aria-label={text.value.unmasking.wishes}>
            <h3>{text.value.unmasking.wishes}</h3>
            <ul>
              {wishes.map((wish) => (
                <WishCard key={wish.id} wish={wish} />
              ))}
            </ul>
          </section>
        )}
        {shown?.length === 0 && wishes.length === 0 && <Empty icon="key" title={texts.none[tab]} hint={texts.noneHint} />}
        {shown && tab === "waiting" && (
          <>
            <Cards title={texts.waitsForYou} grants={shown.filter(({ may }) => may.approve)} onDone={again} />
            <Cards title={texts.waitsForOthers} grants={shown.filter(({ may }) => !may.approve)} onDone={again} />
          </>
        )}
        {shown && tab !== "waiting" && <Cards grants={shown} onDone={again} />}
        {hasMore && (
          <button type="button" class="quiet more" onClick={showMore}>
            {texts.more}
          </button>
        )}
      </div>
    </>
  );
}

function NewButton(): JSX.Element | null {
  if (who.value?.role === "auditor") return null;
  return (
    <a class="button main" href={deskLink("sharing", "new")}>
      <Icon name="plus" />
      {text.value.sharing.add}
    </a>
  );
}

/** One grant, to which a link leads. */
function OneGrant({ id }: { id: number }): JSX.Element {
  const texts = text.value.sharing;
  const { answer, problem, again } = useAnswer(String(id), (signal) => readGrant(id, signal), POLL_MS);
  const back = (
    <a class="button bare" href={deskLink("sharing")} title={texts.all} aria-label={texts.all}>
      <Icon name="back" />
    </a>
  );
  return (
    <>
      <Head title={text.value.catalogue.pages.sharing} note={texts.byGrant(id)} before={back} />
      <div class="desk-body padded">
        {problem && <ProblemNote problem={problem} retry={again} />}
        {!answer && !problem && <p class="waiting">{text.value.loading}</p>}
        {answer && <Cards grants={[answer]} onDone={again} />}
      </div>
    </>
  );
}

export function SharingPage(): JSX.Element {
  const id = Number(desk.value?.id ?? "");
  return id > 0 ? <OneGrant id={id} /> : <SharingLists />;
}
