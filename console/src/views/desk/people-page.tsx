import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { changePerson, listPeople, PERSON_STATES, type PersonFilter } from "../../api/people";
import { desk, setQuery } from "../../desk";
import { text, word } from "../../i18n";
import { departmentsOf } from "../../state/giving";
import { departments } from "../../state/names";
import { who } from "../../state/session";
import { Confirm } from "../confirm";
import { Empty } from "../empty";
import { Icon } from "../icons";
import { usePages } from "../pages";
import { ProblemNote } from "../problem-note";
import { Head } from "./head";
import { PersonForm } from "./person-form";
import { MadeLink, NewLink } from "./person-link";
import { PersonRow, type Open } from "./person-row";
import { SightDialog } from "./sight";
import { VisitsDialog } from "./visits";

const POLL_MS = 20_000;
function filterIn(query: URLSearchParams): PersonFilter {
  return {
    q: (query.get("q") ?? "").trim(),
    state: PERSON_STATES.find((one) => one === query.get("state")) ?? null,
    department: Number(query.get("department")) || null,
  };
}

function Tools({ filter }: { filter: PersonFilter }): JSX.Element | null {
  const texts = text.value.people;
  const session = who.value;
  if (session === null) return null;
  return (
    <div class="tools" role="search">
      <label class="search wide">
        <Icon name="search" />
        <input
          type="search"
          value={desk.value?.query.get("q") ?? ""}
          placeholder={texts.find}
          aria-label={texts.find}
          maxLength={128}
          onInput={(event) => setQuery({ q: event.currentTarget.value || null }, "replace")}
        />
      </label>
      <select
        class="among"
        aria-label={texts.state}
        value={filter.state ?? ""}
        onChange={(event) => setQuery({ state: event.currentTarget.value || null })}
      >
        <option value="">{texts.anyState}</option>
        {PERSON_STATES.map((one) => (
          <option key={one} value={one}>
            {word("personStates", one)}
          </option>
        ))}
      </select>
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
    </div>
  );
}

/** Who may sign in, as what: for admins of a department or of the city. */
export function PeoplePage(): JSX.Element | null {
  const texts = text.value.people;
  const [open, setOpen] = useState<Open | null>(null);
  const session = who.value;
  const filter = filterIn(desk.value?.query ?? new URLSearchParams());
  const { items, hasMore, problem, showMore, again } = usePages(
    JSON.stringify(filter),
    (cursor, signal) => listPeople(filter, cursor, signal),
    POLL_MS,
  );
  if (session === null) return null;
  const close = () => setOpen(null);
  return (
    <>
      <Head title={text.value.catalogue.pages.people} note={items ? texts.note(items.length, hasMore) : undefined}>
        <button type="button" class="main" onClick={() => setOpen({ what: "add" })}>
          <Icon name="plus" />
          {texts.add}
        </button>
      </Head>
      <Tools filter={filter} />
      <div class="desk-body">
        {problem && <ProblemNote problem={problem} retry={again} />}
        {!items && !problem && <p class="waiting">{text.value.loading}</p>}
        {items?.length === 0 && <Empty icon="search" title={texts.none} hint={texts.noneHint} />}
        {items && items.length > 0 && (
          <table class="list cards-on-phone people">
            <thead>
              <tr>
                <th scope="col">{texts.name}</th>
                <th scope="col">{texts.role}</th>
                <th scope="col">{texts.department}</th>
                <th scope="col">{texts.state}</th>
                <th scope="col">{texts.seen}</th>
                <th>
                  <span class="unseen">{texts.change}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((person) => (
                <PersonRow
                  key={person.id}
                  person={person}
                  isSelf={person.id === session.person?.id}
                  onOpen={setOpen}
                  onDone={again}
                />
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
      {(open?.what === "add" || open?.what === "change") && (
        <PersonForm
          giver={session}
          person={open.what === "add" ? null : open.person}
          onClose={close}
          onAdded={(person, link) => {
            setOpen({ what: "made", person, link });
            again();
          }}
          onChanged={again}
        />
      )}
      {open?.what === "sight" && <SightDialog person={open.person} onClose={close} />}
      {open?.what === "visits" && <VisitsDialog person={open.person} onClose={close} />}
      {open?.what === "link" && (
        <NewLink person={open.person} onClose={close} onMade={(link) => setOpen({ what: "made", person: open.person, link })} />
      )}
      {open?.what === "made" && <MadeLink person={open.person} link={open.link} onClose={close} />}
      {open?.what === "disable" && (
        <Confirm
          title={texts.disableTitle(open.person.name)}
          explanation={texts.disableText}
          verb={texts.disable}
          isDangerous
          work={async () => {
            await changePerson(open.person, { disabled: true });
            again();
          }}
          onClose={close}
        />
      )}
    </>
  );
}
