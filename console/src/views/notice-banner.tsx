import type { JSX } from "preact";
import { deskLink } from "../desk";
import { text } from "../i18n";
import { nearTime } from "../i18n/time";
import { openNotices } from "../state/notices";
import { Icon } from "./icons";

/** Something is wrong with the system itself: for who can do something about it. */
export function NoticeBanner(): JSX.Element | null {
  const [first, ...others] = openNotices.value;
  if (first === undefined) return null;
  const texts = text.value.keeping;
  const more = others.length > 0 ? ` +${others.length}` : "";
  return (
    <div class="system-notice" role="alert">
      <Icon name="warning" />
      <p>
        <strong>{texts.noticeKinds[first.kind]}</strong> {first.subject} ({texts.since(nearTime(first.began_at))}){more}{" "}
        <a href={deskLink("keeping")}>{texts.showNotices}</a>
      </p>
    </div>
  );
}
