import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { decideOnUnmasking, type Unmasking } from "../../api/unmaskings";
import { text } from "../../i18n";
import { dateTime } from "../../i18n/time";
import { linkTo, NO_FILTERS } from "../../route";
import { refreshUnmaskings } from "../../state/waiting";
import { Icon } from "../icons";
import { Decide } from "./decide";

/** Somebody's wish to see an original, which one may agree to. */
export function WishCard({ wish }: { wish: Unmasking }): JSX.Element {
  const texts = text.value.unmasking;
  const [deciding, setDeciding] = useState<"approve" | "refuse" | null>(null);
  const { live } = text.value;
  const words = (wish.live ? live : texts).wish(wish.person.name, wish.camera.name);
  const shown = wish.live ? { site: wish.camera.id, open: null } : { site: null, open: wish.event };
  const isAgreeing = deciding === "approve";
  return (
    <li class="grant mood-busy" data-unmasking={wish.id}>
      <header>
        <span class="badge">
          <Icon name="eye" />
          {text.value.sharing.states.requested}
        </span>
        <a class="number" href={linkTo({ ...NO_FILTERS, q: "", state: "", ...shown })}>
          {wish.event === null ? live.cameraPage : texts.event(wish.event)}
        </a>
      </header>
      <p class="grant-words">{words}</p>
      <p class="grant-purpose">{text.value.sharing.purposeOf(wish.reason)}</p>
      <ul class="grant-history">
        <li>
          {wish.department.name} · {text.value.sharing.asked(wish.person.name, dateTime(wish.asked_at))}
        </li>
      </ul>
      <div class="buttons">
        <button type="button" class="quiet" onClick={() => setDeciding("refuse")}>
          {texts.refuse}
        </button>
        <button type="button" class="main" onClick={() => setDeciding("approve")}>
          {texts.agree}
        </button>
      </div>
      {deciding && (
        <Decide
          title={isAgreeing ? texts.agreeTitle : texts.refuseTitle}
          explanation={isAgreeing ? (wish.live ? live : texts).agreeText : words}
          verb={isAgreeing ? texts.agree : texts.refuse}
          isDangerous={!isAgreeing}
          mustSayWhy={false}
          work={async (why) => {
            await decideOnUnmasking(wish.id, deciding, why);
            await refreshUnmaskings();
          }}
          onClose={() => setDeciding(null)}
        />
      )}
    </li>
  );
}
