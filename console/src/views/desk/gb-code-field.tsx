import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { explainCode, giveOutCode, type ExplainedCode, type ExplainedPart } from "../../api/record";
import { deskLink } from "../../desk";
import { text } from "../../i18n";
import type { Draft } from "../../state/record";
import { useAct } from "../act";
import { useAnswer } from "../answer";
import { FaultOf } from "../fault";
import { Icon } from "../icons";
import { ProblemNote } from "../problem-note";

const LENGTH = 20;
const isWhole = (code: string): boolean => new RegExp(`^\\d{${LENGTH}}$`).test(code);

interface MeaningProps extends Pick<ExplainedPart, "part" | "value" | "meaning"> {
  answer: ExplainedCode;
}

function Meaning({ part, value, meaning, answer }: MeaningProps): JSX.Element | null {
  if (part === "serial") return null;
  if (part === "centre" && answer.region) return <span>{answer.region.name}</span>;
  const own = text.value.record.meanings[answer.edition]?.[part]?.[value];
  return own === undefined ? <span lang="en">{meaning}</span> : <span>{own}</span>;
}

interface ExplanationProps {
  code: string;
  edition: string;
  /** Whose code it is; null: of a new camera. */
  camera: number | null;
}

function Explanation({ code, edition, camera }: ExplanationProps): JSX.Element {
  const texts = text.value.record;
  const { answer, problem } = useAnswer(`${code}/${edition}`, (signal) => explainCode(code, edition, signal));
  if (problem) {
    return (
      <p class="fault" role="alert" lang="en">
        {problem.faults.map(({ detail }) => detail).join("; ") || problem.detail}
      </p>
    );
  }
  if (answer === null) return <small>{text.value.loading}</small>;
  const isOthers = answer.camera !== null && answer.camera.id !== camera;
  return (
    <>
      <ol class="code-parts">
        {answer.parts.map(({ part, first, last, value, meaning }) => (
          <li key={part} data-part={part}>
            <b>{value}</b>
            <span>
              {texts.parts[part]} <small>{texts.place(first, last)}</small>
            </span>
            <Meaning part={part} value={value} meaning={meaning} answer={answer} />
          </li>
        ))}
      </ol>
      {answer.fault && (
        <p class="fault" role="alert" lang="en">
          {answer.fault}
        </p>
      )}
      {isOthers && answer.camera && (
        <p class="fault" role="alert">
          {texts.codeTaken} <a href={deskLink("catalogue", answer.camera.id)}>{answer.camera.name}</a>
        </p>
      )}
    </>
  );
}

interface GbCodeProps {
  draft: Draft;
  alter: (change: Partial<Draft>) => void;
  camera: number | null;
}

/** The 20 digits, explained as they are typed, or allocated. */
export function GbCodeField({ draft, alter, camera }: GbCodeProps): JSX.Element {
  const texts = text.value.record;
  const [allocated, setAllocated] = useState("");
  const code = draft.gb_code.trim();
  const { isBusy, problem, act } = useAct();
  const take = () =>
    act(async () => {
      const edition = draft.gb_edition === "" ? {} : { edition: Number(draft.gb_edition) };
      const found = await giveOutCode({ region: draft.region.trim(), department: Number(draft.department), ...edition });
      setAllocated(found.code);
      alter({ gb_code: found.code });
    });
  return (
    <div class="field wide" data-field="gb_code">
      <label class="field">
        <span>{texts.fields.gb_code}</span>
        <span class="with-act">
          <input
            name="gb_code"
            class="code"
            value={draft.gb_code}
            inputMode="numeric"
            maxLength={40}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => alter({ gb_code: event.currentTarget.value })}
          />
          <button
            type="button"
            class="quiet"
            title={texts.allocateHint}
            disabled={isBusy || draft.region.trim() === "" || draft.department === ""}
            onClick={take}
          >
            <Icon name="key" />
            {texts.allocate}
          </button>
        </span>
      </label>
      <FaultOf field="gb_code" />
      {problem && <ProblemNote problem={problem} />}
      {code !== "" && !isWhole(code) && <small>{texts.digits(code.replaceAll(/\D/g, "").length)}</small>}
      {code !== "" && code === allocated && <small role="status">{texts.allocated}</small>}
      {isWhole(code) && <Explanation code={code} edition={draft.gb_edition} camera={camera} />}
    </div>
  );
}
