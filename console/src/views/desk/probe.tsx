import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { asProblem } from "../../api/client";
import type { Encoding, Probe } from "../../api/probe";
import type { Problem } from "../../api/problem";
import { text } from "../../i18n";
import { Icon } from "../icons";
import { ProblemNote } from "../problem-note";
import { StateBadge } from "../state-badge";

function Fact({ name, hint, children }: { name: string; hint?: string; children: ComponentChildren }): JSX.Element {
  return (
    <div title={hint}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const rate = (fps: number): string => fps.toLocaleString(undefined, { maximumFractionDigits: 1 });

function Facts({ encoding: one }: { encoding: Encoding }): JSX.Element {
  const texts = text.value.probe;
  const declared = one.declared_fps === null ? null : rate(one.declared_fps);
  const megabits = (one.bits_per_second ?? 0) / 1e6;
  return (
    <dl class="probe-facts">
      <Fact name={texts.codec}>{[one.codec.toUpperCase(), one.profile].filter(Boolean).join(" · ")}</Fact>
      <Fact name={texts.size}>{`${one.width}×${one.height}`}</Fact>
      <Fact name={texts.rate}>{one.fps === null ? (declared ?? "–") : texts.fps(rate(one.fps), declared)}</Fact>
      <Fact name={texts.group} hint={texts.groupHint}>
        {one.group_s === null ? texts.groupUnknown : text.value.seconds(Number(one.group_s.toFixed(1)))}
      </Fact>
      <Fact name={texts.bits}>
        {one.bits_per_second === null
          ? "–"
          : texts.megabits(megabits.toLocaleString(undefined, { maximumFractionDigits: 2 }))}
      </Fact>
      <Fact name={texts.bFrames}>{one.has_b_frames ? texts.yes : texts.no}</Fact>
      <Fact name={texts.sound}>{one.sound ?? texts.noSound}</Fact>
      <Fact name={texts.clock}>{texts.clocks[one.clock] ?? one.clock}</Fact>
      <Fact name={texts.browser}>
        {one.browser.plays ? texts.plays : texts.playsNot} <small lang="en">{one.browser.reason}</small>
      </Fact>
      <Fact name={texts.policy}>{texts.policies[one.policy] ?? one.policy}</Fact>
    </dl>
  );
}

function Found({ probe }: { probe: Probe }): JSX.Element {
  const texts = text.value.probe;
  return (
    <div class="probe" role="region" aria-label={texts.title}>
      <p>
        <StateBadge state={probe.state} /> <span lang="en">{probe.reason}</span>
        {probe.hint && (
          <small class="hint" lang="en">
            {probe.hint}
          </small>
        )}
      </p>
      {probe.picture && <img src={`data:image/jpeg;base64,${probe.picture.jpeg}`} alt={texts.picture} />}
      {probe.no_picture && (
        <small lang="en">
          <Icon name="noPicture" /> {probe.no_picture}
        </small>
      )}
      {probe.encoding && <Facts encoding={probe.encoding} />}
      {probe.encoding && probe.encoding.hints.length > 0 && (
        <>
          <h4>{texts.hints}</h4>
          <ul class="probe-hints">
            {probe.encoding.hints.map(({ code, text: words }) =>
              texts.advice[code] ? (
                <li key={code}>{texts.advice[code]}</li>
              ) : (
                <li key={code} lang="en">
                  {words}
                </li>
              ),
            )}
          </ul>
        </>
      )}
    </div>
  );
}

interface ProbeButtonProps {
  ask: (signal: AbortSignal) => Promise<Probe>;
  startsAtOnce?: boolean;
}

/** Tests a stream, and shows what was found. Leaving breaks it off. */
export function ProbeButton({ ask, startsAtOnce = false }: ProbeButtonProps): JSX.Element {
  const texts = text.value.probe;
  const [isBusy, setBusy] = useState(startsAtOnce);
  const [probe, setProbe] = useState<Probe | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const stop = useRef(new AbortController());
  const start = async () => {
    setBusy(true);
    setProblem(null);
    setProbe(null);
    const { signal } = (stop.current = new AbortController());
    try {
      setProbe(await ask(signal));
    } catch (error) {
      if (!signal.aborted) setProblem(asProblem(error));
    } finally {
      if (!signal.aborted) setBusy(false);
    }
  };
  useEffect(() => {
    if (startsAtOnce) void start();
    return () => stop.current.abort();
  }, []);
  return (
    <>
      <div class="inline">
        <button type="button" class="quiet" disabled={isBusy} onClick={() => void start()}>
          <Icon name={isBusy ? "busy" : "play"} />
          {texts.test}
        </button>
        <small role="status">{isBusy ? texts.testing : probe === null && texts.about}</small>
      </div>
      {problem && <ProblemNote problem={problem} />}
      {probe && <Found probe={probe} />}
    </>
  );
}
