import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { readCamera } from "../../api/cameras";
import { removeRecord } from "../../api/record";
import type { Camera } from "../../api/types";
import { desk, deskLink } from "../../desk";
import { text } from "../../i18n";
import { goTo, linkTo } from "../../route";
import { stateOf } from "../../state/cameras";
import { departments } from "../../state/names";
import { may } from "../../state/session";
import { useAnswer } from "../answer";
import { Confirm } from "../confirm";
import { Icon } from "../icons";
import { ProblemNote } from "../problem-note";
import { StateBadge } from "../state-badge";
import { Head } from "./head";
import { RecordForm } from "./record-form";
import { Spells } from "./spells";
import { Streams } from "./streams";
import { Viewers } from "./viewers";

function Back(): JSX.Element {
  const words = text.value.catalogue.pages.catalogue;
  return (
    <a class="button bare" href={deskLink("catalogue")} title={words} aria-label={words}>
      <Icon name="back" />
    </a>
  );
}

function Acts({ camera }: { camera: Camera }): JSX.Element {
  const texts = text.value;
  const [isRemoving, setRemoving] = useState(false);
  return (
    <>
      <a class="button quiet" href={linkTo({ site: camera.id, tab: "cameras", open: null })}>
        <Icon name="camera" />
        {texts.catalogue.watch}
      </a>
      {may.value.cameras && (
        <button type="button" class="quiet" onClick={() => setRemoving(true)}>
          <Icon name="bin" />
          {texts.removeCamera}
        </button>
      )}
      {isRemoving && (
        <Confirm
          title={texts.removeTitle(camera.name)}
          explanation={texts.record.removeText}
          verb={texts.remove}
          isDangerous
          work={async () => {
            await removeRecord(camera);
            goTo(deskLink("catalogue"));
          }}
          onClose={() => setRemoving(false)}
        />
      )}
    </>
  );
}

function Record({ camera, again }: { camera: Camera; again: () => void }): JSX.Element {
  return (
    <div class="record-body">
      <RecordForm camera={camera} department="" onSaved={again} />
      <div class="beside">
        <Streams camera={camera} onDone={again} />
        <Spells camera={camera.id} />
        {(may.value.cameras || may.value.record) && <Viewers camera={camera.id} />}
      </div>
    </div>
  );
}

function NewRecord(): JSX.Element {
  const texts = text.value.record;
  const first = departments.value?.[0];
  return (
    <>
      <Head title={texts.newTitle} before={<Back />} />
      <div class="desk-body padded">
        {first && <RecordForm camera={null} department={String(first.id)} onSaved={() => undefined} />}
        {!first && <p class="waiting">{text.value.loading}</p>}
      </div>
    </>
  );
}

/** One camera's record in the registry: all its fields, its streams, and how it has been. */
export function RecordPage(): JSX.Element {
  const id = desk.value?.id ?? "";
  if (id === "new") return <NewRecord />;
  return <RecordOf key={id} id={Number(id)} />;
}

function RecordOf({ id }: { id: number }): JSX.Element {
  const { answer: camera, problem, again } = useAnswer(String(id), (signal) => readCamera(id, signal));
  return (
    <>
      <Head title={camera?.name ?? text.value.record.title} before={<Back />} note={camera ? `${text.value.number} ${id}` : undefined}>
        {camera && (
          <>
            <StateBadge state={stateOf(camera)} />
            <Acts camera={camera} />
          </>
        )}
      </Head>
      <div class="desk-body padded">
        {problem && <ProblemNote problem={problem} retry={again} />}
        {!camera && !problem && <p class="waiting">{text.value.loading}</p>}
        {camera && <Record key={camera.id} camera={camera} again={again} />}
      </div>
    </>
  );
}
