import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { desk, type Desk as Open } from "../../desk";
import { text, word } from "../../i18n";
import { mayOpen } from "../../state/pages";
import { who } from "../../state/session";
import { AlertsPage } from "../alerts/alerts-page";
import { NewSubscription } from "../alerts/new-subscription";
import { SubscriptionPage } from "../alerts/subscription-page";
import { Empty } from "../empty";
import { KeepingPage } from "../keeping/keeping-page";
import { AccountPage } from "./account-page";
import { AuditPage } from "./audit-page";
import { CataloguePage } from "./catalogue-page";
import { DepartmentsPage } from "./departments-page";
import { GrantForm } from "./grant-form";
import { ImportPage } from "./import-page";
import { KeysPage } from "./keys-page";
import { MapPage } from "./map-page";
import { OverviewPage } from "./overview-page";
import { PeoplePage } from "./people-page";
import { RecordPage } from "./record-page";
import { RegionsPage } from "./regions-page";
import { SharingPage } from "./sharing-page";
import { UptimePage } from "./uptime-page";

/** What stands where a link leads to a page of other roles. */
function NotForYou(): JSX.Element {
  const texts = text.value.access;
  return (
    <Empty icon="key" title={texts.notForYou} hint={texts.notForYouHint(word("roles", who.value?.role ?? ""))}>
      <a class="button quiet" href="#/">
        {text.value.catalogue.pages.watch}
      </a>
    </Empty>
  );
}

function Alerts({ id }: { id: string | null }): JSX.Element {
  if (id === null) return <AlertsPage />;
  return id === "new" ? <NewSubscription /> : <SubscriptionPage id={Number(id)} />;
}

function PageOf({ at }: { at: Open }): JSX.Element {
  if (!mayOpen(at)) return <NotForYou />;
  switch (at.page) {
    case "catalogue":
      return at.id === null ? <CataloguePage /> : <RecordPage />;
    case "uptime":
      return <UptimePage />;
    case "overview":
      return <OverviewPage />;
    case "map":
      return <MapPage />;
    case "import":
      return <ImportPage />;
    case "departments":
      return <DepartmentsPage />;
    case "regions":
      return <RegionsPage />;
    case "sharing":
      return at.id === "new" ? <GrantForm /> : <SharingPage />;
    case "alerts":
      return <Alerts id={at.id} />;
    case "keeping":
      return <KeepingPage />;
    case "audit":
      return <AuditPage />;
    case "people":
      return <PeoplePage />;
    case "keys":
      return <KeysPage />;
    case "account":
      return <AccountPage />;
  }
}

/** The open page beside the watch. */
export function DeskPage(): JSX.Element | null {
  const at = desk.value;
  const title = at === null ? null : text.value.catalogue.pages[at.page];
  useEffect(() => {
    document.title = title === null ? "Sharp Eyes" : `${title} · Sharp Eyes`;
    return () => {
      document.title = "Sharp Eyes";
    };
  }, [title]);
  if (at === null) return null;
  return (
    <main class="desk" data-page={at.page}>
      <PageOf key={`${at.page}/${at.id}`} at={at} />
    </main>
  );
}
