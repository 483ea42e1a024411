import { batch, signal } from "@preact/signals";
import { address, asProblem, request } from "../api/client";
import { queryOf, type EventQuery, type Order } from "../api/events";
import { Problem } from "../api/problem";
import { rowCount, type ExportFormat } from "../row-count";
import { saveAs } from "../save-as";

/** Pieces are joined from this size on: a browser keeps what is joined on disk. */
const JOINED_BYTES = 8 * 1024 * 1024;
const TOLD_MS = 100;

/** An export of events: how far it is, and what became of it. */
export class EventExport {
  readonly phase = signal<"idle" | "running" | "done" | "cancelled" | "failed">("idle");
  readonly rows = signal(0);
  /** How many are expected; null where the server does not say. */
  readonly expected = signal<{ count: number; atLeast: boolean } | null>(null);
  readonly problem = signal<Problem | null>(null);

  private running = new AbortController();

  /** Read all that the query finds, and keep it as a file once it is whole. */
  async start(query: EventQuery, order: Order, format: ExportFormat): Promise<void> {
    this.running.abort();
    const { signal } = (this.running = new AbortController());
    batch(() => {
      this.phase.value = "running";
      this.rows.value = 0;
      this.expected.value = null;
      this.problem.value = null;
    });
    try {
      const response = await request(address(`/events.${format}`, { ...queryOf(query), order }), { signal });
      const count = Number(response.headers.get("Events-Expected") ?? Number.NaN);
      const atLeast = response.headers.get("Events-Expected-At-Least") === "true";
      this.expected.value = Number.isFinite(count) ? { count, atLeast } : null;
      const content = await this.whole(response, format);
      if (signal.aborted) return;
      saveAs(content, `events.${format}`);
      this.phase.value = "done";
    } catch (error) {
      if (signal.aborted) return;
      batch(() => {
        // What breaks off midway is no problem of the server's that it could tell of.
        this.problem.value = error instanceof TypeError ? new Problem(0, { code: "broken_off" }) : asProblem(error);
        this.phase.value = "failed";
      });
    }
  }

  cancel(): void {
    if (this.phase.peek() !== "running") return;
    this.running.abort();
    this.phase.value = "cancelled";
  }

  private async whole(response: Response, format: ExportFormat): Promise<Blob> {
    const reader = response.body?.getReader();
    const counted = rowCount(format);
    const type = response.headers.get("Content-Type") ?? "";
    let joined = new Blob([], { type });
    let pieces: Uint8Array<ArrayBuffer>[] = [];
    let bytes = 0;
    let toldAt = 0;
    for (let piece = await reader?.read(); piece?.value !== undefined; piece = await reader?.read()) {
      counted.add(piece.value);
      pieces.push(piece.value);
      bytes += piece.value.byteLength;
      if (bytes >= JOINED_BYTES) {
        joined = new Blob([joined, ...pieces], { type });
        pieces = [];
        bytes = 0;
      }
      if (performance.now() - toldAt >= TOLD_MS) {
        toldAt = performance.now();
        this.rows.value = counted.rows;
      }
    }
    this.rows.value = counted.rows;
    return new Blob([joined, ...pieces], { type });
  }
}

/** The export of the search: it goes on while its menu is closed. */
export const eventExport = new EventExport();
