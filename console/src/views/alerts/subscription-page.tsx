import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Delivery } from "../../api/deliveries";
import { readSubscription, type Subscription } from "../../api/subscriptions";
import { desk, deskLink } from "../../desk";
import { text } from "../../i18n";
import { dateTime } from "../../i18n/time";
import { goTo } from "../../route";
import { draftOf } from "../../state/subscription-draft";
import { useAnswer } from "../answer";
import { Head } from "../desk/head";
import { ProblemNote } from "../problem-note";
import { BackToAll } from "./back";
import { SubscriptionBadge } from "./badges";
import { Deliveries } from "./deliveries";
import { DeliveryDialog } from "./delivery-dialog";
import { HealthFacts } from "./health-facts";
import { SubscriptionActs } from "./subscription-acts";
import { SubscriptionForm } from "./subscription-form";
import { TermFacts } from "./term-facts";
import { TestWatch } from "./test-watch";

const POLL_MS = 5_000;

function Change({ subscription }: { subscription: Subscription }): JSX.Element {
  const shown = deskLink("alerts", subscription.id);
  return (
    <>
      <Head title={text.value.alerts.changeTitle(subscription.name)} before={<BackToAll />} />
      <div class="desk-body padded">
        <SubscriptionForm subscription={subscription} begin={draftOf(subscription)} onSaved={() => goTo(shown)} />
      </div>
    </>
  );
}

interface ShownProps {
  subscription: Subscription;
  again: () => void;
}

function Shown({ subscription, again }: ShownProps): JSX.Element {
  const texts = text.value.alerts;
  const [test, setTest] = useState<Delivery | null>(null);
  const [told, setTold] = useState<string | null>(null);
  const onChange = (change: string) => {
    setTold(change);
    again();
  };
  const open = Number(desk.value?.query.get("delivery")) || null;
  return (
    <>
      <Head
        title={subscription.name}
        before={<BackToAll />}
        note={subscription.made_by ? texts.made(subscription.made_by, dateTime(subscription.made_at)) : undefined}
      >
        <SubscriptionBadge state={subscription.state} />
        {subscription.may_change && <SubscriptionActs subscription={subscription} onDone={again} onTest={setTest} />}
      </Head>
      <div class="desk-body padded">
        <div class="record-body subscription">
          <div class="beside">
            {test && <TestWatch key={test.id} test={test} onChange={onChange} onClose={() => setTest(null)} />}
            <Deliveries subscription={subscription} test={told} />
          </div>
          <div class="beside">
            <HealthFacts subscription={subscription} />
            <TermFacts subscription={subscription} />
          </div>
        </div>
      </div>
      {open !== null && <DeliveryDialog id={open} mayReplay={subscription.may_change} onDone={again} />}
    </>
  );
}

/** One subscription: whether it arrives, what it tells, and what became of each delivery. */
export function SubscriptionPage({ id }: { id: number }): JSX.Element {
  const isChanging = desk.value?.query.get("edit") === "true";
  const { answer, problem, again } = useAnswer(
    `${id}/${isChanging}`,
    (signal) => readSubscription(id, signal),
    isChanging ? undefined : POLL_MS,
  );
  if (answer === null)
    return (
      <>
        <Head title={text.value.alerts.title} before={<BackToAll />} />
        <div class="desk-body padded">
          {problem ? <ProblemNote problem={problem} retry={again} /> : <p class="waiting">{text.value.loading}</p>}
        </div>
      </>
    );
  if (isChanging && answer.may_change) return <Change subscription={answer} />;
  return <Shown subscription={answer} again={again} />;
}
