import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { addStream, changeStream, removeStream } from "../../api/record";
import type { Camera, Stream } from "../../api/types";
import { text } from "../../i18n";
import { may } from "../../state/session";
import { useAct } from "../act";
import { Confirm } from "../confirm";
import { Dialog } from "../dialog";
import { FaultOf, FaultsOfForm, areBeside } from "../fault";
import { Icon } from "../icons";
import { ProblemNote } from "../problem-note";
import { ProbeButton } from "./probe";
import { probeAddress, probeStream } from "../../api/probe";

const ROLES = ["detect", "record", "live"] as const;

interface StreamFormProps {
  camera: Camera;
  /** The stream that is changed; null: a new one. */
  stream: Stream | null;
  onClose: () => void;
  onDone: () => void;
}

function StreamForm({ camera, stream, onClose, onDone }: StreamFormProps): JSX.Element {
  const texts = text.value.record;
  const taken = camera.streams.map(({ role }) => role);
  const free = ROLES.filter((role) => role === stream?.role || !taken.includes(role));
  const [role, setRole] = useState<string>(stream?.role ?? free[0] ?? "detect");
  const [url, setUrl] = useState(stream?.url ?? "rtsp://");
  const { isBusy, problem, act } = useAct();
  const faults = problem?.faults ?? [];
  const isBeside = areBeside(faults, ["url", "role"]);
  const submit = (event: Event) => {
    event.preventDefault();
    void act(async () => {
      const fields = { role, url: url.trim() };
      if (stream === null) await addStream(camera.id, fields);
      else await changeStream(stream.id, fields.url === stream.url ? { role } : fields);
      onClose();
      onDone();
    });
  };
  return (
    <Dialog title={stream === null ? texts.addStream : texts.changeStream} onClose={onClose}>
      <form onSubmit={submit}>
        <FaultsOfForm faults={faults}>
          <label class="field">
            <span>{texts.role}</span>
            <select name="role" value={role} onChange={(event) => setRole(event.currentTarget.value)}>
              {free.map((one) => (
                <option key={one} value={one}>
                  {texts.roles[one]}
                </option>
              ))}
            </select>
            <FaultOf field="role" />
          </label>
          <label class="field">
            <span>{texts.url}</span>
            <input
              name="url"
              value={url}
              required
              maxLength={2000}
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              inputMode="url"
              autofocus
              onInput={(event) => setUrl(event.currentTarget.value)}
            />
            <small>{stream?.has_login ? texts.keepLogin : text.value.streamUrlHint}</small>
            <FaultOf field="url" />
          </label>
        </FaultsOfForm>
        {problem && (!isBeside || problem.hint) && <ProblemNote problem={problem} />}
        <ProbeButton
          key={url.trim()}
          ask={(signal) =>
            stream !== null && url.trim() === stream.url
              ? probeStream(camera.id, stream.role, signal)
              : probeAddress(url.trim(), signal)
          }
        />
        <div class="buttons">
          <button type="button" class="quiet" onClick={onClose}>
            {text.value.cancel}
          </button>
          <button type="submit" class="main" disabled={isBusy}>
            {isBusy ? text.value.busy : texts.save}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function ProbeDialog({ camera, stream, onClose }: { camera: Camera; stream: Stream; onClose: () => void }): JSX.Element {
  return (
    <Dialog title={text.value.probe.test} onClose={onClose} isWide>
      <div class="dialog-body">
        <code>{stream.url}</code>
        <ProbeButton startsAtOnce ask={(signal) => probeStream(camera.id, stream.role, signal)} />
      </div>
    </Dialog>
  );
}

type Open = { what: "form"; stream: Stream | null } | { what: "remove" | "probe"; stream: Stream };

/** Where a camera's pictures come from. */
export function Streams({ camera, onDone }: { camera: Camera; onDone: () => void }): JSX.Element {
  const texts = text.value.record;
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  return (
    <section class="group" aria-label={texts.streams}>
      <h3>{texts.streams}</h3>
      <small>{texts.streamsAbout}</small>
      <ul class="streams">
        {camera.streams.map((stream) => (
          <li key={stream.id} data-stream={stream.id}>
            <span>
              <b>{texts.roles[stream.role] ?? stream.role}</b>{" "}
              <small>{stream.has_login ? texts.hasLogin : texts.noLogin}</small>
              {stream.url !== null && <code>{stream.url}</code>}
            </span>
            {may.value.cameras && stream.url !== null && (
              <span class="actions">
                <button
                  type="button"
                  class="quiet"
                  aria-label={`${text.value.probe.test}: ${stream.url}`}
                  onClick={() => setOpen({ what: "probe", stream })}
                >
                  {text.value.probe.test}
                </button>
                <button
                  type="button"
                  class="bare"
                  title={texts.changeStream}
                  aria-label={`${texts.changeStream}: ${stream.url}`}
                  onClick={() => setOpen({ what: "form", stream })}
                >
                  <Icon name="pencil" />
                </button>
                <button
                  type="button"
                  class="bare"
                  title={text.value.remove}
                  aria-label={`${text.value.remove}: ${stream.url}`}
                  onClick={() => setOpen({ what: "remove", stream })}
                >
                  <Icon name="bin" />
                </button>
              </span>
            )}
          </li>
        ))}
      </ul>
      {camera.streams.length === 0 && <p class="none">{texts.noStreams}</p>}
      <div class="inline">
        {may.value.cameras && camera.streams.length < ROLES.length && (
          <button type="button" class="quiet" onClick={() => setOpen({ what: "form", stream: null })}>
            <Icon name="plus" />
            {texts.addStream}
          </button>
        )}
      </div>
      {open?.what === "form" && (
        <StreamForm camera={camera} stream={open.stream} onClose={close} onDone={onDone} />
      )}
      {open?.what === "probe" && (
        <ProbeDialog camera={camera} stream={open.stream} onClose={close} />
      )}
      {open?.what === "remove" && (
        <Confirm
          title={texts.removeStreamTitle}
          explanation={texts.removeStreamText}
          verb={text.value.remove}
          isDangerous
          work={async () => {
            await removeStream(open.stream.id);
            onDone();
          }}
          onClose={close}
        />
      )}
    </section>
  );
}
