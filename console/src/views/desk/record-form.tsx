import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Problem } from "../../api/problem";
import { readCamera } from "../../api/cameras";
import { addRecord, changeRecord, freshKey } from "../../api/record";
import type { Camera } from "../../api/types";
import { deskLink } from "../../desk";
import { text } from "../../i18n";
import { goTo } from "../../route";
import {
  changedFields,
  changeOf,
  conflictOf,
  draftOf,
  FIELDS,
  GROUPS,
  isExtraFaulty,
  NEW_RECORD,
  settled,
  type Conflict,
  type Draft,
  type FieldName,
  type GroupName,
} from "../../state/record";
import { may } from "../../state/session";
import { useAct } from "../act";
import { areBeside, FaultOf, FaultsOfForm } from "../fault";
import { ProblemNote } from "../problem-note";
import { ConflictDialog } from "./conflict";
import { GbCodeField } from "./gb-code-field";
import {
  ChoiceField,
  DateField,
  DepartmentField,
  EnabledField,
  ExtraField,
  NumberField,
  RegionField,
  TextField,
} from "./record-fields";
import { valueWords } from "./record-words";

interface PartProps {
  draft: Draft;
  alter: (change: Partial<Draft>) => void;
}

/** How long the longest text of a field may be; the server says the same. */
const LONGEST = {
  name: 128,
  own_id: 64,
  address: 256,
  manufacturer: 128,
  model: 128,
  resolution: 32,
  uplink: 128,
  management_unit: 128,
  contact: 256,
} as const;

function Field({ field, camera, ...part }: PartProps & { field: FieldName; camera: Camera | null }): JSX.Element {
  switch (field) {
    case "name":
    case "own_id":
    case "address":
    case "manufacturer":
    case "model":
    case "resolution":
    case "uplink":
    case "management_unit":
    case "contact":
      return <TextField field={field} longest={LONGEST[field]} isRequired={field === "name"} {...part} />;
    case "longitude":
    case "latitude":
    case "look_direction":
    case "field_of_view":
    case "recording_days":
      return <NumberField field={field} {...part} />;
    case "installed_on":
      return <DateField field={field} {...part} />;
    case "gb_edition":
    case "point_class":
    case "ptz_type":
    case "room_type":
      return <ChoiceField field={field} {...part} />;
    case "department":
      return <DepartmentField owner={camera?.department.name ?? null} {...part} />;
    case "region":
      return <RegionField {...part} />;
    case "enabled":
      return <EnabledField {...part} />;
    case "extra":
      return <ExtraField {...part} />;
    case "gb_code":
      return <GbCodeField camera={camera?.id ?? null} {...part} />;
  }
}

function FirstStream({ url, onInput }: { url: string; onInput: (url: string) => void }): JSX.Element {
  const texts = text.value;
  return (
    <fieldset class="group">
      <legend>{texts.record.streams}</legend>
      <label class="field">
        <span>{texts.streamUrl}</span>
        <input
          name="url"
          value={url}
          maxLength={2000}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          inputMode="url"
          onInput={(event) => onInput(event.currentTarget.value)}
        />
        <small>{texts.streamUrlHint}</small>
        <FaultOf field="streams" />
      </label>
    </fieldset>
  );
}

interface RecordFormProps {
  /** The camera as it was read; null: a new one. */
  camera: Camera | null;
  department: string;
  onSaved: (camera: Camera) => void;
}

/** All fields of a camera's record. Somebody else's change of the same camera is shown, never overwritten unseen. */
export function RecordForm({ camera, department, onSaved }: RecordFormProps): JSX.Element {
  const texts = text.value.record;
  const [base, setBase] = useState(camera);
  const before = base === null ? { ...NEW_RECORD, department } : draftOf(base);
  const [draft, setDraft] = useState<Draft>(before);
  const [url, setUrl] = useState("");
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [isSaved, setSaved] = useState(false);
  const sent = useRef({ body: "", key: "" });
  const { isBusy, problem, act } = useAct();
  const changed = changedFields(before, draft);
  const isChanged = changed.length > 0;
  useEffect(() => {
    if (!isChanged) return undefined;
    // The browser asks before the tab is closed over what was not saved.
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [isChanged]);
  const alter = (change: Partial<Draft>) => {
    setDraft((old) => ({ ...old, ...change }));
    setSaved(false);
  };

  const add = async () => {
    const wanted = FIELDS.filter((field) => draft[field].trim() !== "");
    const streams = url.trim() === "" ? [] : [{ url: url.trim() }];
    const record = { ...changeOf(draft, wanted), name: draft.name.trim(), streams };
    const body = JSON.stringify(record);
    if (sent.current.body !== body) sent.current = { body, key: freshKey() };
    const added = await addRecord(record, sent.current.key);
    goTo(deskLink("catalogue", added.id), "replace");
  };
  const save = async (from: Camera, wanted: Draft) => {
    try {
      const fields = changedFields(draftOf(from), wanted);
      const saved = fields.length === 0 ? from : await changeRecord(from.id, changeOf(wanted, fields), from.revision);
      setBase(saved);
      setDraft(draftOf(saved));
      setConflict(null);
      setSaved(true);
      onSaved(saved);
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 412) throw error;
      const found = conflictOf(from, await readCamera(from.id), wanted);
      // What the form does not show has changed, a stream for example: nothing stands against what is wanted here.
      if (found.fields.length === 0) await save(found.theirs, wanted);
      else setConflict(found);
    }
  };
  const settle = (keep: "mine" | "theirs") => {
    if (conflict === null) return;
    const wanted = settled(conflict, draft, keep);
    if (keep === "mine") {
      setBase(conflict.theirs);
      setDraft(wanted);
      void act(() => save(conflict.theirs, wanted));
    } else {
      setBase(conflict.theirs);
      setDraft(wanted);
      setConflict(null);
    }
  };
  const submit = (event: Event) => {
    event.preventDefault();
    if (isExtraFaulty(draft)) return;
    void act(() => (base === null ? add() : save(base, draft)));
  };
  const faults = problem?.faults ?? [];
  const isBeside = areBeside(faults, base === null ? [...FIELDS, "streams"] : FIELDS);
  return (
    <form class="record" onSubmit={submit} aria-label={texts.title}>
      <FaultsOfForm faults={faults}>
        {(Object.keys(GROUPS) as GroupName[]).map((group) => (
          <fieldset key={group} class="group" disabled={!may.value.cameras}>
            <legend>{texts.groups[group]}</legend>
            {GROUPS[group].map((field) => (
              <Field key={field} field={field} camera={base} draft={draft} alter={alter} />
            ))}
          </fieldset>
        ))}
        {base === null && <FirstStream url={url} onInput={setUrl} />}
      </FaultsOfForm>
      {may.value.cameras && (
        <div class="save-bar">
          {problem && !isBeside && <ProblemNote problem={problem} />}
          {problem && isBeside && problem.hint && (
            <p class="fault" lang="en">
              {problem.hint}
            </p>
          )}
          <span role="status">
            {isSaved && changed.length === 0 && texts.saved}
            {base !== null && changed.length > 0 && texts.changes(changed.length)}
          </span>
          {base !== null && changed.length > 0 && (
            <button type="button" class="quiet" onClick={() => setDraft(before)}>
              {texts.undo}
            </button>
          )}
          <button type="submit" class="main" disabled={isBusy || (base !== null && changed.length === 0)}>
            {isBusy ? text.value.busy : base === null ? texts.add : texts.save}
          </button>
        </div>
      )}
      {conflict && (
        <ConflictDialog
          title={texts.conflictTitle}
          explanation={texts.conflictText}
          fields={conflict.fields}
          nameOf={(field) => texts.fields[field]}
          wordsOf={valueWords}
          isBusy={isBusy}
          onSettle={settle}
          onClose={() => setConflict(null)}
        />
      )}
    </form>
  );
}
