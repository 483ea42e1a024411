import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Subscription } from "../../api/subscriptions";
import { desk, deskLink } from "../../desk";
import { text } from "../../i18n";
import { goTo } from "../../route";
import { departmentsOf } from "../../state/giving";
import { departments } from "../../state/names";
import { who } from "../../state/session";
import { newSubscription } from "../../state/subscription-draft";
import { Head } from "../desk/head";
import { BackToAll } from "./back";
import { SecretOnce } from "./secret-once";
import { SubscriptionForm } from "./subscription-form";

/** A new subscription. Its secret is shown once it is made, and then its page. */
export function NewSubscription(): JSX.Element | null {
  const texts = text.value.alerts;
  const [made, setMade] = useState<{ subscription: Subscription; text: string } | null>(null);
  const session = who.value;
  const all = departments.value;
  const query = desk.peek()?.query ?? new URLSearchParams();
  if (session === null) return null;
  const own = departmentsOf(session, all ?? []);
  const first = session.department?.id ?? (own.length === 1 ? own[0]?.id : undefined);
  return (
    <>
      <Head title={texts.formTitle} before={<BackToAll />} />
      <div class="desk-body padded">
        <p class="grant-note">{texts.formNote}</p>
        {all === null ? (
          <p class="waiting">{text.value.loading}</p>
        ) : (
          <SubscriptionForm subscription={null} begin={newSubscription(String(first ?? ""), query)} onMade={setMade} />
        )}
      </div>
      {made && (
        <SecretOnce
          of={made.subscription.name}
          secret={made.text}
          onClose={() => goTo(deskLink("alerts", made.subscription.id), "replace")}
        />
      )}
    </>
  );
}
