import type { JSX } from "preact";
import { desk, setQuery } from "../../desk";
import { text } from "../../i18n";
import { departmentsOf } from "../../state/giving";
import { isOfTheCity } from "../../state/keeping";
import { departments } from "../../state/names";
import { who } from "../../state/session";
import { Head } from "../desk/head";
import { Forecast } from "./forecast";
import { Holds } from "./holds";
import { Notices } from "./notices";
import { Terms } from "./terms";
import { Usage } from "./usage";

/** How long things are kept, how much there is, what would go now, what is held, and what is wrong with storage. */
export function KeepingPage(): JSX.Element | null {
  const texts = text.value.keeping;
  const session = who.value;
  if (session === null) return null;
  const asked = Number(desk.value?.query.get("department")) || null;
  const department = asked ?? session.department?.id ?? null;
  return (
    <>
      <Head title={text.value.catalogue.pages.keeping} note={texts.about} />
      <div class="tools" role="search">
        <select
          class="among"
          aria-label={texts.whose}
          value={department ?? ""}
          onChange={(event) => setQuery({ department: event.currentTarget.value || null })}
        >
          {session.department === null && <option value="">{texts.ofCity}</option>}
          {departmentsOf(session, departments.value ?? []).map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <div class="desk-body padded">
        <div class="columns keeping">
          <div class="stack wide">
            <Terms key={department} department={department} />
            <Forecast key={department} department={department} />
          </div>
          <div class="stack wide">
            <Holds />
            <Usage department={department} />
            {isOfTheCity.value && <Notices />}
          </div>
        </div>
      </div>
    </>
  );
}
