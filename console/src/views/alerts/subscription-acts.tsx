import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Delivery } from "../../api/deliveries";
import {
  pauseSubscription,
  removeSubscription,
  resumeSubscription,
  testSubscription,
  type Subscription,
} from "../../api/subscriptions";
import { deskLink } from "../../desk";
import { text } from "../../i18n";
import { goTo } from "../../route";
import { useAct } from "../act";
import { Confirm } from "../confirm";
import { Icon } from "../icons";
import { ProblemNote } from "../problem-note";
import { RotateSecret } from "./rotate-secret";

interface ActsProps {
  subscription: Subscription;
  onDone: () => void;
  onTest: (test: Delivery) => void;
}

/** What can be done with a subscription by who looks after it. */
export function SubscriptionActs({ subscription, onDone, onTest }: ActsProps): JSX.Element {
  const texts = text.value.alerts;
  const { id, name, state } = subscription;
  const [open, setOpen] = useState<"rotate" | "remove" | null>(null);
  const { isBusy, problem, act } = useAct();
  const isActive = state === "active";
  const turn = () =>
    act(async () => {
      await (isActive ? pauseSubscription(id) : resumeSubscription(id));
      onDone();
    });
  const test = () =>
    act(async () => {
      onTest(await testSubscription(id));
      onDone();
    });
  return (
    <>
      <button type="button" class="main" disabled={isBusy || !isActive} onClick={() => void test()}>
        <Icon name="bell" />
        {texts.test}
      </button>
      <button type="button" class="quiet" disabled={isBusy} onClick={() => void turn()}>
        <Icon name={isActive ? "pause" : "play"} />
        {isActive ? texts.pause : texts.resume}
      </button>
      <a class="button quiet" href={deskLink("alerts", id, new URLSearchParams({ edit: "true" }))}>
        <Icon name="pencil" />
        {texts.change}
      </a>
      <button type="button" class="quiet" onClick={() => setOpen("rotate")}>
        <Icon name="key" />
        {texts.rotate}
      </button>
      <button type="button" class="quiet" onClick={() => setOpen("remove")}>
        <Icon name="bin" />
        {texts.remove}
      </button>
      {problem && <ProblemNote problem={problem} />}
      {open === "rotate" && <RotateSecret subscription={subscription} onClose={() => setOpen(null)} />}
      {open === "remove" && (
        <Confirm
          title={texts.removeTitle(name)}
          explanation={texts.removeText}
          verb={texts.remove}
          isDangerous
          work={async () => {
            await removeSubscription(subscription);
            goTo(deskLink("alerts"));
          }}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  );
}
