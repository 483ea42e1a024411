import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { AuditRow } from "../../api/audit";
import { deskLink, setQuery } from "../../desk";
import { joined, text, word } from "../../i18n";
import { clockTime, dayName } from "../../i18n/time";
import { Icon } from "../icons";
import { Instant } from "../instant";
import { AuditDetail, objectLink } from "./audit-detail";

function nameOf({ actor }: AuditRow): string {
  const texts = text.value.audit;
  if (actor.kind === "program") return texts.program;
  return actor.name || texts.stranger;
}

/** Who did it, and from where; a press shows only what that one did. */
function Actor({ row }: { row: AuditRow }): JSX.Element {
  const texts = text.value.audit;
  const { actor, address } = row;
  const name = nameOf(row);
  const from = address === "" ? texts.onMachine : texts.from(address);
  const isFound = actor.id !== null && (actor.kind === "person" || actor.kind === "key");
  return (
    <>
      {isFound ? (
        <button
          type="button"
          class="as-link"
          title={texts.only(name)}
          onClick={() => setQuery({ person: null, key: null, [actor.kind]: String(actor.id) })}
        >
          {actor.kind === "key" && <Icon name="key" />}
          {name}
        </button>
      ) : (
        name
      )}{" "}
      <small>
        {[actor.role && word("roles", actor.role), actor.department?.name].filter(Boolean).join(" · ")}
        {(actor.role || actor.department) && " · "}
        {from}
      </small>
    </>
  );
}

function About({ row }: { row: AuditRow }): JSX.Element {
  const texts = text.value.audit;
  const link = objectLink(row);
  const kind = texts.objects[row.object_kind] ?? row.object_kind.replaceAll("_", " ");
  const words = row.object === "" ? kind : `${kind} ${row.object}`;
  return (
    <>
      {link ? <a href={link}>{words}</a> : words}
      {row.camera && !(row.object_kind === "camera" && row.object === String(row.camera.id)) && (
        <>
          {" "}
          <small>
            <a href={deskLink("catalogue", row.camera.id)}>{row.camera.name}</a>
          </small>
        </>
      )}
      {row.camera && row.object_kind === "camera" && row.object === String(row.camera.id) && <small>{` ${row.camera.name}`}</small>}
      {row.purpose && <small class="purpose">{`${texts.purpose}${text.value.colon}${row.purpose}`}</small>}
    </>
  );
}

/** One act, and what else is known of it where that is unfolded. */
export function AuditLine({ row }: { row: AuditRow }): JSX.Element {
  const texts = text.value.audit;
  const [isOpen, setOpen] = useState(false);
  const isRefused = row.outcome === "refused";
  const hasDetail = Object.keys(row.detail).length > 0;
  return (
    <>
      <tr data-row={row.id} data-act={row.act} class={isRefused ? "refused" : undefined}>
        <th scope="row">
          <Instant at={row.at}>{clockTime(row.at)}</Instant> <small>{dayName(row.at)}</small>
        </th>
        <td data-label={texts.who}>
          <Actor row={row} />
        </td>
        <td data-label={texts.act}>
          {row.act !== "refusal" && (texts.acts[row.act] ?? row.act.replaceAll("_", " "))}
          {isRefused && (
            <>
              {" "}
              <span class="badge mood-bad">
                <Icon name="close" />
                {texts.refused}
              </span>
            </>
          )}
        </td>
        <td data-label={texts.object}>
          <About row={row} />
        </td>
        <td data-label={texts.whose}>{row.departments.length > 0 ? joined(row.departments.map(({ name }) => name)) : <small>–</small>}</td>
        <td class="row-acts">
          {!row.sealed && (
            <span class="unsealed" title={texts.notSealed}>
              <Icon name="busy" />
            </span>
          )}
          {hasDetail && (
            <button
              type="button"
              class="bare"
              aria-expanded={isOpen}
              title={texts.detail}
              aria-label={`${texts.detail}${text.value.colon}${texts.number(row.id)}`}
              onClick={() => setOpen(!isOpen)}
            >
              <Icon name={isOpen ? "up" : "down"} />
            </button>
          )}
        </td>
      </tr>
      {isOpen && (
        <tr class="unfolded">
          <td colSpan={6}>
            <AuditDetail row={row} />
          </td>
        </tr>
      )}
    </>
  );
}
