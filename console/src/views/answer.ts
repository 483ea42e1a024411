import { useEffect, useRef, useState } from "preact/hooks";
import { asProblem } from "../api/client";
import type { Problem } from "../api/problem";
import { entries, isSignedIn } from "../state/session";

interface Answer<T> {
  /** What the server said last; null until it first did, and again once `key` has changed. */
  answer: T | null;
  problem: Problem | null;
  isAsking: boolean;
  again: () => void;
}

/**
 * What the server answers to `ask`: asked anew whenever `key` changes or somebody signs in, and every `pollMs` while the
 * tab can be seen.
 * A question that is overtaken is broken off.
 */
export function useAnswer<T>(key: string, ask: (signal: AbortSignal) => Promise<T>, pollMs?: number): Answer<T> {
  const [found, setFound] = useState<{ key: string; answer: T } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isAsking, setAsking] = useState(true);
  const [turn, setTurn] = useState(0);
  const entry = entries.value;
  const asking = useRef(ask);
  asking.current = ask;
  useEffect(() => {
    const stop = new AbortController();
    const once = async () => {
      setAsking(true);
      try {
        const answer = await asking.current(stop.signal);
        if (stop.signal.aborted) return;
        setFound({ key, answer });
        setProblem(null);
      } catch (error) {
        if (!stop.signal.aborted) setProblem(asProblem(error));
      } finally {
        if (!stop.signal.aborted) setAsking(false);
      }
    };
    let isPolling = false;
    const poll = async () => {
      if (document.hidden || isPolling || !isSignedIn.peek()) return;
      isPolling = true;
      await once().finally(() => (isPolling = false));
    };
    void once();
    const timer = pollMs === undefined ? 0 : window.setInterval(() => void poll(), pollMs);
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [key, turn, entry, pollMs]);
  return {
    answer: found?.key === key ? found.answer : null,
    problem,
    isAsking,
    again: () => setTurn((n) => n + 1),
  };
}
