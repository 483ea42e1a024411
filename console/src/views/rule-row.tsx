import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { changeRule, removeRule, type Rule } from "../api/rules";
import { joined, labelName, text, word } from "../i18n";
import { conditionsOf } from "../i18n/conditions";
import { may } from "../state/session";
import { refreshSite, type Site } from "../state/site";
import { WhyNothing } from "./account";
import { useAct } from "./act";
import { Confirm } from "./confirm";
import { FlowChart } from "./flow-chart";
import { Icon } from "./icons";
import { ProblemNote } from "./problem-note";
import { RuleForm } from "./rule-form";
import { SeverityTag } from "./severity";

interface RuleProps {
  site: Site;
  rule: Rule;
}

/** On or off. A rule of a department, and one of a camera that one may not change, only says which. */
function Switch({ rule }: { rule: Rule }): JSX.Element {
  const texts = text.value.rules;
  const { isBusy, problem, act } = useAct();
  // While the server is asked, the switch stands as it was put.
  const [wanted, setWanted] = useState<boolean | null>(null);
  const isOn = wanted ?? rule.enabled;
  const words = isOn ? texts.on : texts.off;
  if (rule.camera === null || !may.value.cameras) return <span class="on-off">{words}</span>;
  const toggle = async () => {
    setWanted(!isOn);
    await act(async () => {
      await changeRule(rule.id, { enabled: !isOn });
      await refreshSite();
    });
    setWanted(null);
  };
  return (
    <>
      <label class="on-off">
        <input
          type="checkbox"
          role="switch"
          checked={isOn}
          disabled={isBusy}
          onChange={toggle}
          aria-label={`${texts.on}: ${rule.name}`}
        />
        {words}
      </label>
      {problem && <ProblemNote problem={problem} />}
    </>
  );
}

function OwnActions({ site, rule }: RuleProps): JSX.Element {
  const texts = text.value;
  const [open, setOpen] = useState<"change" | "remove" | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      <button
        type="button"
        class="bare"
        onClick={() => setOpen("change")}
        title={texts.rules.change}
        aria-label={`${texts.rules.change}: ${rule.name}`}
      >
        <Icon name="pencil" />
      </button>
      <button
        type="button"
        class="bare"
        onClick={() => setOpen("remove")}
        title={texts.remove}
        aria-label={`${texts.remove}: ${rule.name}`}
      >
        <Icon name="bin" />
      </button>
      {open === "change" && <RuleForm site={site} rule={rule} onClose={close} />}
      {open === "remove" && (
        <Confirm
          title={texts.rules.removeTitle(rule.name)}
          explanation={texts.rules.removeText}
          verb={texts.remove}
          isDangerous
          work={async () => {
            await removeRule(rule.id);
            await refreshSite();
          }}
          onClose={close}
        />
      )}
    </>
  );
}

/** One rule: what it makes events of, in words, and what can be done with it. */
export function RuleRow({ site, rule }: RuleProps): JSX.Element {
  const texts = text.value.rules;
  const isOwn = rule.camera !== null;
  const [isAsking, setAsking] = useState(false);
  const what = rule.labels.length > 0 ? [joined(rule.labels.map(labelName))] : [];
  return (
    <li class={rule.enabled ? "rule" : "rule dim"} data-rule={rule.id}>
      <div class="rule-head">
        <strong>{rule.name}</strong>
        <SeverityTag severity={rule.severity} />
        {!isOwn && (
          <span class="mark" title={texts.ofDepartmentHint(site.camera.department.name)}>
            {`${texts.ofDepartment}${text.value.colon}${site.camera.department.name}`}
          </span>
        )}
        <span class="actions">
          <Switch rule={rule} />
          <button
            type="button"
            class="bare"
            aria-expanded={isAsking}
            onClick={() => setAsking(!isAsking)}
            title={text.value.trial.why}
            aria-label={`${text.value.trial.why} ${rule.name}`}
          >
            <Icon name="question" />
          </button>
          {isOwn && may.value.cameras && <OwnActions site={site} rule={rule} />}
        </span>
      </div>
      <p class="conditions">
        <b>{word("kinds", rule.kind)}</b>
        {[...what, ...conditionsOf(rule, site)].map((part) => (
          <span key={part}>{part}</span>
        ))}
      </p>
      {rule.kind === "flow" && <FlowChart rule={rule.id} />}
      {isAsking && <WhyNothing rule={rule} camera={site.camera.id} />}
    </li>
  );
}
