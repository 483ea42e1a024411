import { RIGHTS, type Grant, type Receiver, type Right, type Subject } from "../../api/grants";
import { text, word } from "../../i18n";
import { dateTime } from "../../i18n/time";

/** What rights let one do, as the middle of a sentence; what others bring along is left out. */
function rightsInWords(rights: readonly Right[]): string {
  const texts = text.value.sharing;
  const seen = RIGHTS.filter((one) => rights.includes(one)).flatMap((one) =>
    one === "export" || one === "manage" || (one === "list" && rights.includes("events")) ? [] : [texts.seen[one]],
  );
  const done = (["export", "manage"] as const).filter((one) => rights.includes(one)).map((one) => texts.done[one]);
  return texts.rightsOf(texts.and(seen), done);
}

export const rightNames = (rights: readonly Right[]): string[] =>
  RIGHTS.filter((one) => rights.includes(one)).map((one) => text.value.sharing.rightNames[one]);

/** What a grant is on. */
export function subjectInWords(on: Subject | null, owner: string | null): string {
  const texts = text.value.sharing;
  switch (on?.kind) {
    case "department":
      return texts.onDepartment(on.department?.name ?? "");
    case "sector":
      return texts.onSector(word("sectors", on.sector ?? ""), owner);
    case "region":
      return texts.onRegion(on.region?.name ?? "", owner);
    case "camera":
      return texts.onCamera(on.camera?.name ?? "", owner);
    case undefined:
      return texts.onEverything;
  }
}

export function receiverInWords({ department, role, person }: Receiver): string {
  if (person !== null) return person.name;
  const name = department?.name ?? "";
  return role === null ? name : text.value.sharing.roleOf(word("roles", role), name);
}

/** A grant, or the wish for one, as a sentence. */
export function grantInWords(grant: Grant): string {
  const texts = text.value.sharing;
  const say = grant.state === "requested" || grant.state === "refused" ? texts.wish : texts.sentence;
  return say(receiverInWords(grant.to), rightsInWords(grant.rights), subjectInWords(grant.on, grant.owner?.name ?? null));
}

/** From when until when. */
export function timeInWords({ from, until }: Grant, nowMs: number): string {
  const texts = text.value.sharing;
  const isLater = Date.parse(from) > nowMs;
  if (until === null) return isLater ? texts.from(dateTime(from)) : texts.openEnd;
  return isLater ? texts.fromUntil(dateTime(from), dateTime(until)) : texts.until(dateTime(until));
}
