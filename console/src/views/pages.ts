import { useEffect, useState } from "preact/hooks";
import type { Problem } from "../api/problem";
import type { Page } from "../api/types";
import { useAnswer } from "./answer";

interface Pages<T> {
  /** Null until the server answered. */
  items: readonly T[] | null;
  hasMore: boolean;
  problem: Problem | null;
  showMore: () => void;
  again: () => void;
}

/** A list that is read by pages: the first one, and with each `showMore` one more. Asked anew when `key` changes. */
export function usePages<T>(
  key: string,
  read: (cursor: string | null, signal: AbortSignal) => Promise<Page<T>>,
  pollMs?: number,
): Pages<T> {
  const [shown, setShown] = useState({ key, count: 1 });
  const count = shown.key === key ? shown.count : 1;
  const { answer, problem, again } = useAnswer<Page<T>>(
    key,
    async (signal) => {
      const items: T[] = [];
      let next: string | null = null;
      for (let page = 0; page < count; page++) {
        const answer: Page<T> = await read(next, signal);
        items.push(...answer.items);
        next = answer.next;
        if (next === null) break;
      }
      return { items, next };
    },
    pollMs,
  );
  useEffect(() => {
    if (count > 1) again();
  }, [count]);
  return {
    items: answer?.items ?? null,
    hasMore: answer !== null && answer.next !== null,
    problem,
    showMore: () => setShown({ key, count: count + 1 }),
    again,
  };
}
