import type { JSX } from "preact";
import type { AuditRow } from "../../api/audit";
import { deskLink } from "../../desk";
import { text } from "../../i18n";
import { linkTo, NO_FILTERS } from "../../route";

/** So many ids of one search are links; a list of thousands is in the file. */
const MOST_LINKS = 60;

export const eventLink = (id: string): string => linkTo({ ...NO_FILTERS, site: null, q: "", state: "", open: id });

/** Where what an act was about can be seen; null where it has no page of its own. */
export function objectLink({ object_kind: kind, object }: AuditRow): string | null {
  if (!/^\d{1,19}$/.test(object)) return null;
  switch (kind) {
    case "event":
      return eventLink(object);
    case "camera":
      return deskLink("catalogue", object);
    case "grant":
      return deskLink("sharing", object);
    case "subscription":
      return deskLink("alerts", object);
    case "import":
      return deskLink("import", object);
    default:
      return null;
  }
}

type Json = unknown;

const isRecord = (value: Json): value is Record<string, Json> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The ids that a search showed: lists by department. */
function Shown({ lists }: { lists: Record<string, Json> }): JSX.Element {
  const ids = Object.values(lists).flatMap((one) => (Array.isArray(one) ? one.map(String) : []));
  return (
    <span class="shown-ids">
      {ids.slice(0, MOST_LINKS).map((id) => (
        <a key={id} href={eventLink(id)}>
          {id}
        </a>
      ))}
      {ids.length > MOST_LINKS && <small>{`+ ${ids.length - MOST_LINKS}`}</small>}
      {ids.length === 0 && <small>–</small>}
    </span>
  );
}

function Plain({ value }: { value: Json }): JSX.Element {
  if (value === null || value === "") return <small>–</small>;
  if (Array.isArray(value)) return <>{value.map((one) => (isRecord(one) ? JSON.stringify(one) : String(one ?? "–"))).join(", ")}</>;
  if (isRecord(value)) return <code>{JSON.stringify(value)}</code>;
  return <>{String(value)}</>;
}

/** What was changed: from which value to which. */
function Changes({ fields }: { fields: Record<string, Json> }): JSX.Element {
  return (
    <ul>
      {Object.entries(fields).map(([field, value]) => (
        <li key={field} class="change">
          {`${field}: `}
          {Array.isArray(value) && value.length === 2 ? (
            <>
              <s>
                <Plain value={value[0]} />
              </s>{" "}
              → <Plain value={value[1]} />
            </>
          ) : (
            <Plain value={value} />
          )}
        </li>
      ))}
    </ul>
  );
}

function Value({ name, value }: { name: string; value: Json }): JSX.Element {
  if (name === "shown" && isRecord(value)) return <Shown lists={value} />;
  if (name === "changed" && isRecord(value)) return <Changes fields={value} />;
  if (isRecord(value)) {
    const entries = Object.entries(value);
    if (entries.length === 0) return <small>–</small>;
    return (
      <ul>
        {entries.map(([key, one]) => (
          <li key={key}>
            {`${key}: `}
            <Plain value={one} />
          </li>
        ))}
      </ul>
    );
  }
  return <Plain value={value} />;
}

/** What else is on record of an act. Its words are the server's. */
export function AuditDetail({ row }: { row: AuditRow }): JSX.Element | null {
  const texts = text.value.audit;
  const entries = Object.entries(row.detail);
  return (
    <dl class="facts audit-detail" lang="en">
      {entries.map(([name, value]) => (
        <>
          <dt>{texts.details[name] ?? name.replaceAll("_", " ")}</dt>
          <dd>
            <Value name={name} value={value} />
          </dd>
        </>
      ))}
    </dl>
  );
}
