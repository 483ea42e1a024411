import { useState } from "preact/hooks";
import { asProblem } from "../api/client";
import type { Problem } from "../api/problem";

interface Acting {
  isBusy: boolean;
  /** What went wrong with the last act. */
  problem: Problem | null;
  /** Do something with the server; what it throws becomes the problem. */
  act: (work: () => Promise<void>) => Promise<void>;
}

/** What a part of the page lets its reader do with the server. */
export function useAct(): Acting {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const act = async (work: () => Promise<void>) => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, problem, act };
}
