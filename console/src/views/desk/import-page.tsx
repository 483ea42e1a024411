import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { kindOf, listImports, type Import } from "../../api/imports";
import { desk, deskLink } from "../../desk";
import { text } from "../../i18n";
import { dateTime } from "../../i18n/time";
import { departments } from "../../state/names";
import { send } from "../../state/import";
import { useAct } from "../act";
import { useAnswer } from "../answer";
import { Icon } from "../icons";
import { Instant } from "../instant";
import { ProblemNote } from "../problem-note";
import { Head } from "./head";
import { ImportDetail } from "./import-detail";

const POLL_MS = 5_000;
const ACCEPTED = ".csv,.txt,.xlsx,.json,.geojson,.ndjson,.jsonl";

/** Takes a file, dropped or chosen, and rehearses it. */
export function DropZone(): JSX.Element {
  const texts = text.value.imports;
  const [isOver, setOver] = useState(false);
  const [sending, setSending] = useState("");
  const [isBadKind, setBadKind] = useState(false);
  const [department, setDepartment] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const { isBusy, problem, act } = useAct();
  const take = (file: File | undefined) => {
    if (file === undefined || isBusy) return;
    setBadKind(kindOf(file) === null);
    if (kindOf(file) === null) return;
    setSending(file.name);
    void act(() => send(file, true, Number(department) || null));
  };
  return (
    <div
      class={isOver ? "drop over" : "drop"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer?.files[0]);
      }}
    >
      <Icon name="upload" />
      <strong>{texts.drop}</strong>
      <input
        ref={input}
        class="unseen"
        type="file"
        accept={ACCEPTED}
        tabIndex={-1}
        aria-label={texts.choose}
        onChange={(event) => {
          take(event.currentTarget.files?.[0]);
          event.currentTarget.value = "";
        }}
      />
      <button type="button" class="main" disabled={isBusy} onClick={() => input.current?.click()}>
        {texts.choose}
      </button>
      <label class="field short">
        <span>{texts.department}</span>
        <select name="department" value={department} onChange={(event) => setDepartment(event.currentTarget.value)}>
          {departments.value?.map(({ id, name }, n) => (
            <option key={id} value={n === 0 ? "" : id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <small role="status">{isBusy ? texts.sending(sending) : isBadKind ? texts.badKind : texts.kinds}</small>
      {problem && <ProblemNote problem={problem} />}
    </div>
  );
}

function Row({ one }: { one: Import }): JSX.Element {
  const texts = text.value.imports;
  return (
    <tr data-import={one.id}>
      <th scope="row">
        <a href={deskLink("import", one.id)}>{one.file}</a>
        <small>{one.dry_run ? texts.rehearsal : texts.real}</small>
      </th>
      <td data-label={texts.when}>
        <Instant at={one.started_at}>{dateTime(one.started_at)}</Instant>
      </td>
      <td data-label={texts.state}>{texts.states[one.state]}</td>
      {(["created", "changed", "unchanged", "refused"] as const).map((verdict) => (
        <td
          key={verdict}
          class={verdict === "refused" && one.refused > 0 ? "number told" : "number"}
          data-label={texts.verdicts[verdict]}
        >
          {one[verdict].toLocaleString()}
        </td>
      ))}
    </tr>
  );
}

function Earlier(): JSX.Element | null {
  const texts = text.value.imports;
  const { answer, problem, again } = useAnswer("imports", listImports, POLL_MS);
  if (problem) return <ProblemNote problem={problem} retry={again} />;
  if (!answer) return <p class="waiting">{text.value.loading}</p>;
  if (answer.items.length === 0) return null;
  return (
    <section class="group counts" aria-label={texts.earlier}>
      <h3>{texts.earlier}</h3>
      <table class="list cards-on-phone">
        <thead>
          <tr>
            <th scope="col">{texts.file}</th>
            <th scope="col">{texts.when}</th>
            <th scope="col">{texts.state}</th>
            {(["created", "changed", "unchanged", "refused"] as const).map((verdict) => (
              <th key={verdict} scope="col" class="number">
                {texts.verdicts[verdict]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {answer.items.map((one) => (
            <Row key={one.id} one={one} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Cameras from a file: rehearsed first, then imported. */
export function ImportPage(): JSX.Element {
  const texts = text.value.imports;
  const id = Number(desk.value?.id);
  if (id > 0) return <ImportDetail key={id} id={id} />;
  return (
    <>
      <Head title={texts.title} note={texts.about} />
      <div class="desk-body padded">
        <div class="stack wide">
          <DropZone />
          <Earlier />
        </div>
      </div>
    </>
  );
}

