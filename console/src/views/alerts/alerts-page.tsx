import type { JSX } from "preact";
import { listSubscriptions, SUBSCRIPTION_STATES, type Subscription, type SubscriptionFilter } from "../../api/subscriptions";
import { desk, deskLink, setQuery } from "../../desk";
import { text } from "../../i18n";
import { nearTime } from "../../i18n/time";
import { mayChangeAlerts } from "../../state/alerts";
import { departmentsOf } from "../../state/giving";
import { departments } from "../../state/names";
import { who } from "../../state/session";
import { DepartmentSelect } from "../desk/department-select";
import { Head } from "../desk/head";
import { Empty } from "../empty";
import { Icon } from "../icons";
import { Instant } from "../instant";
import { usePages } from "../pages";
import { ProblemNote } from "../problem-note";
import { CircuitBadge, SubscriptionBadge } from "./badges";
import { Guide } from "./guide";
import { countWords, hostOf } from "./words";

const POLL_MS = 10_000;

function Row({ subscription }: { subscription: Subscription }): JSX.Element {
  const texts = text.value.alerts;
  const { health, state_reason: reason } = subscription;
  return (
    <tr data-subscription={subscription.id}>
      <th scope="row">
        <a href={deskLink("alerts", subscription.id)}>{subscription.name}</a>
      </th>
      <td data-label={texts.columns.department}>{subscription.department.name}</td>
      <td data-label={texts.columns.target}>{hostOf(subscription)}</td>
      <td data-label={texts.columns.state}>
        <SubscriptionBadge state={subscription.state} /> <CircuitBadge circuit={health.circuit} />
        {reason && <small lang="en">{reason}</small>}
      </td>
      <td data-label={texts.columns.waiting}>
        {countWords(health.waiting)}{" "}
        {health.dead.count > 0 && <span class="mood-bad badge">{texts.dead(countWords(health.dead))}</span>}
      </td>
      <td data-label={texts.columns.lastSuccess}>
        {health.last_success_at === null ? (
          <small>{texts.never}</small>
        ) : (
          <Instant at={health.last_success_at}>{nearTime(health.last_success_at)}</Instant>
        )}
      </td>
    </tr>
  );
}

function NewLink(): JSX.Element {
  return (
    <a class="button main" href={deskLink("alerts", "new")}>
      <Icon name="plus" />
      {text.value.alerts.add}
    </a>
  );
}

function Nothing({ isFiltered }: { isFiltered: boolean }): JSX.Element {
  const texts = text.value.alerts;
  if (isFiltered) return <Empty icon="bell" title={texts.noneFound} hint={texts.noneFoundHint} />;
  return (
    <Empty icon="bell" title={texts.none} hint={mayChangeAlerts.value ? texts.noneHint : texts.noneForYou}>
      {mayChangeAlerts.value && <NewLink />}
      <Guide />
    </Empty>
  );
}

function Tools({ filter }: { filter: SubscriptionFilter }): JSX.Element {
  const texts = text.value.alerts;
  const session = who.value;
  const own = session && new Set(departmentsOf(session, departments.value ?? []).map(({ id }) => id));
  return (
    <div class="tools" role="search">
      <span class="among">
        <DepartmentSelect
          name="department"
          label={texts.columns.department}
          value={String(filter.department ?? "")}
          empty={text.value.people.anyDepartment}
          only={own}
          onChange={(value) => setQuery({ department: value || null })}
        />
      </span>
      <select
        class="among"
        aria-label={texts.columns.state}
        value={filter.state ?? ""}
        onChange={(event) => setQuery({ state: event.currentTarget.value || null })}
      >
        <option value="">{texts.anyState}</option>
        {SUBSCRIPTION_STATES.map((one) => (
          <option key={one} value={one}>
            {texts.states[one]}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Which programs are told of events, and whether it arrives. */
export function AlertsPage(): JSX.Element {
  const texts = text.value.alerts;
  const query = desk.value?.query ?? new URLSearchParams();
  const filter: SubscriptionFilter = {
    department: Number(query.get("department")) || null,
    state: SUBSCRIPTION_STATES.find((one) => one === query.get("state")) ?? null,
  };
  const { items, hasMore, problem, showMore, again } = usePages(
    JSON.stringify(filter),
    (cursor, signal) => listSubscriptions(filter, cursor, signal),
    POLL_MS,
  );
  const { name, department, target, state, waiting, lastSuccess } = texts.columns;
  return (
    <>
      <Head title={text.value.catalogue.pages.alerts} note={items ? texts.note(items.length, hasMore) : undefined}>
        {mayChangeAlerts.value && <NewLink />}
      </Head>
      <Tools filter={filter} />
      <div class="desk-body">
        {problem && <ProblemNote problem={problem} retry={again} />}
        {!items && !problem && <p class="waiting">{text.value.loading}</p>}
        {items?.length === 0 && <Nothing isFiltered={filter.department !== null || filter.state !== null} />}
        {items && items.length > 0 && (
          <table class="list cards-on-phone">
            <thead>
              <tr>
                {[name, department, target, state, waiting, lastSuccess].map((words) => (
                  <th key={words} scope="col">
                    {words}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {items.map((one) => (
                <Row key={one.id} subscription={one} />
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
    </>
  );
}
