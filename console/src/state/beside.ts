import { batch, signal } from "@preact/signals";
import { asProblem } from "../api/client";
import type { Problem } from "../api/problem";

/** A filter that is being changed stands still for so long before its counts are asked for. */
const SETTLED_MS = 200;

/**
 * What the server answers beside the list to the same search. The list never waits for it; one question at a time: one
 * that is overtaken is broken off. What was answered before stands until the new answer is there.
 */
export class Beside<Q, T> {
  readonly answer = signal<T | null>(null);
  readonly problem = signal<Problem | null>(null);
  /** Whether what stands there is of an earlier search. */
  readonly isStale = signal(true);

  private running = new AbortController();
  private timer = 0;
  private query: Q | null = null;

  constructor(private readonly read: (query: Q, signal: AbortSignal) => Promise<T>) {}

  /** Ask soon, unless something else is asked for meanwhile. */
  ask(query: Q): void {
    this.stop();
    this.isStale.value = true;
    this.query = query;
    this.timer = window.setTimeout(() => void this.fetch(query), SETTLED_MS);
  }

  /** Ask the same again. */
  again(): void {
    if (this.query !== null) this.ask(this.query);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.running.abort();
  }

  private async fetch(query: Q): Promise<void> {
    const { signal } = (this.running = new AbortController());
    try {
      const answer = await this.read(query, signal);
      if (signal.aborted) return;
      batch(() => {
        this.answer.value = answer;
        this.problem.value = null;
        this.isStale.value = false;
      });
    } catch (error) {
      if (signal.aborted) return;
      batch(() => {
        this.answer.value = null;
        this.problem.value = asProblem(error);
        this.isStale.value = false;
      });
    }
  }
}
