import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { listCameras, readCamera } from "../../api/cameras";
import { SECTORS } from "../../api/departments";
import { SUBJECTS } from "../../api/grants";
import { listRegions } from "../../api/regions";
import { text, word } from "../../i18n";
import type { GrantDraft } from "../../state/grant-draft";
import { useAnswer } from "../answer";
import { FaultOf } from "../fault";
import { ProblemNote } from "../problem-note";
import { DepartmentSelect } from "./department-select";

const MOST_SHOWN = 20;

interface PartProps {
  draft: GrantDraft;
  alter: (change: Partial<GrantDraft>) => void;
}

interface FinderProps {
  name: "region" | "camera";
  chosen: string;
  q: string;
  onSearch: (q: string) => void;
  hint: string;
  none: string;
  found: readonly { value: string; words: string; small: string }[] | null;
  onChoose: (value: string) => void;
}

/** One of many, found by typing. What is chosen stays in the list. */
function Finder({ name, chosen, q, onSearch, hint, none, found, onChoose }: FinderProps): JSX.Element {
  return (
    <div class="finder">
      <input
        type="search"
        value={q}
        placeholder={hint}
        aria-label={hint}
        maxLength={128}
        onInput={(event) => onSearch(event.currentTarget.value)}
      />
      <fieldset class="checks tall">
        <legend class="unseen">{text.value.sharing.on}</legend>
        {found?.map(({ value, words, small }) => (
          <label key={value}>
            <input type="radio" name={name} value={value} checked={chosen === value} onChange={() => onChoose(value)} />
            <span>
              {words} <small>{small}</small>
            </span>
          </label>
        ))}
        {found === null && <p class="waiting">{text.value.loading}</p>}
        {found?.length === 0 && <p class="none">{none}</p>}
      </fieldset>
    </div>
  );
}

function CameraFinder({ draft, alter }: PartProps): JSX.Element {
  const [q, setQ] = useState("");
  const wanted = q.trim();
  const { answer, problem } = useAnswer(wanted, (signal) => listCameras({ q: wanted, state: "" }, MOST_SHOWN, null, signal));
  const { answer: chosen } = useAnswer(draft.camera, async (signal) =>
    draft.camera === "" ? null : readCamera(Number(draft.camera), signal),
  );
  const found = answer?.items ?? null;
  const all = found && chosen && !found.some(({ id }) => id === chosen.id) ? [chosen, ...found] : found;
  return (
    <>
      {problem && <ProblemNote problem={problem} />}
      <Finder
        name="camera"
        chosen={draft.camera}
        q={q}
        onSearch={setQ}
        hint={text.value.sharing.findCamera}
        none={text.value.sharing.noCamera}
        found={all?.map(({ id, name, department }) => ({ value: String(id), words: name, small: department.name })) ?? null}
        onChoose={(camera) => alter({ camera })}
      />
    </>
  );
}

function RegionFinder({ draft, alter }: PartProps): JSX.Element {
  const texts = text.value.catalogue;
  const [q, setQ] = useState("");
  const wanted = q.trim();
  const { answer, problem } = useAnswer(wanted, (signal) => listRegions({ q: wanted || undefined }, signal));
  return (
    <>
      {problem && <ProblemNote problem={problem} />}
      <Finder
        name="region"
        chosen={draft.region}
        q={q}
        onSearch={setQ}
        hint={texts.findRegion}
        none={texts.noRegions}
        found={answer?.items.map(({ code, name, parent }) => ({
          value: code,
          words: name,
          small: [code, parent?.name].filter(Boolean).join(" · "),
        })) ?? null}
        onChoose={(region) => alter({ region })}
      />
    </>
  );
}

/** What a grant is to be on: cameras of a department, of a sector, in a region, or one. */
export function SubjectFields({ draft, alter }: PartProps): JSX.Element {
  const texts = text.value.sharing;
  return (
    <fieldset class="group fields">
      <legend>{texts.on}</legend>
      <div class="choice">
        {SUBJECTS.map((kind) => (
          <label key={kind} class="pick">
            <input type="radio" name="kind" value={kind} checked={draft.kind === kind} onChange={() => alter({ kind })} />
            <span>{texts.kinds[kind]}</span>
          </label>
        ))}
      </div>
      {draft.kind === "department" && (
        <DepartmentSelect
          name="department"
          label={texts.department}
          value={draft.department}
          empty={texts.choose}
          onChange={(department) => alter({ department })}
        />
      )}
      {draft.kind === "sector" && (
        <select
          name="sector"
          aria-label={texts.kinds.sector}
          value={draft.sector}
          onChange={(event) => alter({ sector: event.currentTarget.value })}
        >
          <option value="">{texts.choose}</option>
          {SECTORS.map((one) => (
            <option key={one} value={one}>
              {word("sectors", one)}
            </option>
          ))}
        </select>
      )}
      {draft.kind === "region" && <RegionFinder draft={draft} alter={alter} />}
      {draft.kind === "camera" && <CameraFinder draft={draft} alter={alter} />}
      <FaultOf field="on" />
      {(draft.kind === "sector" || draft.kind === "region") && (
        <label class="field">
          <span>{texts.owner}</span>
          <DepartmentSelect
            name="owner"
            label={texts.owner}
            value={draft.owner}
            empty={texts.ownerCity}
            onChange={(owner) => alter({ owner })}
          />
          <small>{texts.ownerHint}</small>
        </label>
      )}
      <FaultOf field="owner" />
    </fieldset>
  );
}
