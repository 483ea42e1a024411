import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { text } from "../i18n";
import { may } from "../state/session";
import type { Site } from "../state/site";
import { Icon } from "./icons";
import { RuleForm } from "./rule-form";
import { RuleRow } from "./rule-row";

/** The rules that apply to the camera: its own ones, then those of its department. */
export function Rules({ site }: { site: Site }): JSX.Element {
  const texts = text.value.rules;
  const [isAdding, setAdding] = useState(false);
  return (
    <section class="group rules" aria-label={texts.title}>
      <div class="group-head">
        <h3>{texts.title}</h3>
        {may.value.cameras && (
          <button type="button" class="main" onClick={() => setAdding(true)}>
            <Icon name="plus" />
            {texts.add}
          </button>
        )}
      </div>
      {site.rules.length === 0 && <p class="none">{texts.none}</p>}
      <ul>
        {site.rules.map((rule) => (
          <RuleRow key={rule.id} site={site} rule={rule} />
        ))}
      </ul>
      {isAdding && <RuleForm site={site} rule={null} onClose={() => setAdding(false)} />}
    </section>
  );
}
