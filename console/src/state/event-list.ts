import { batch, computed, signal } from "@preact/signals";
import { asProblem } from "../api/client";
import { searchEvents, type EventQuery, type Found, type Order } from "../api/events";
import type { Problem } from "../api/problem";
import type { EventRecord } from "../api/types";
import { merged, newestFirst } from "./merge";

const PAGE = 50;
/** How many events a list that grows by itself keeps; older ones come back as one goes on. */
const MOST_LIVE = 300;

/**
 * The events that the filters find, in order, kept up to date by the live stream.
 *
 * While `held`, new events wait in `waiting`, so that a list which is being read does not move. With the oldest first,
 * or a range that is over, nothing new comes in; what is shown changes all the same.
 */
export class EventList {
  readonly items = signal<EventRecord[]>([]);
  readonly waiting = signal<EventRecord[]>([]);
  readonly phase = signal<"searching" | "ready" | "going on">("searching");
  readonly problem = signal<Problem | null>(null);
  readonly atEnd = signal(false);
  /** Up to where a search that was cut short has looked: it goes on when it is told to. */
  readonly searchedTo = signal<string | null>(null);
  readonly isEmpty = computed(() => this.items.value.length === 0 && this.waiting.value.length === 0);

  private query: EventQuery | null = null;
  private order: Order = "newest";
  private cursor: string | null = null;
  private isHeld = false;
  /** What changed while a search was on its way: its answer may be older. */
  private missed: EventRecord[] = [];
  private running = new AbortController();

  /** Forget what is shown and search anew. */
  async search(query: EventQuery, order: Order): Promise<void> {
    this.running.abort();
    const { signal } = (this.running = new AbortController());
    this.query = query;
    this.order = order;
    this.cursor = null;
    this.missed = [];
    batch(() => {
      this.phase.value = "searching";
      this.problem.value = null;
      this.waiting.value = [];
    });
    try {
      const page = await searchEvents(query, order, PAGE, null, signal);
      batch(() => {
        this.items.value = page.items;
        this.goneTo(page);
        this.phase.value = "ready";
        for (const event of this.missed.splice(0)) this.change(event);
      });
    } catch (error) {
      if (signal.aborted) return;
      batch(() => {
        this.items.value = [];
        this.searchedTo.value = null;
        this.problem.value = asProblem(error);
        this.phase.value = "ready";
      });
    }
  }

  /** Read the next page. */
  async goOn(): Promise<void> {
    if (this.query === null || this.phase.peek() !== "ready" || this.atEnd.peek()) return;
    const { signal } = this.running;
    const last = this.items.peek().at(-1);
    // Without a cursor (the tail was cut off): all that started no later than the last one shown; known ones fall out.
    const isCut = this.cursor === null && last !== undefined;
    const query = isCut ? { ...this.query, to: justAfter(last.started_at) } : this.query;
    this.phase.value = "going on";
    try {
      const page = await searchEvents(query, this.order, PAGE, this.cursor, signal);
      batch(() => {
        this.items.value = merged(this.items.value, page.items, this.order);
        this.goneTo(page);
        this.problem.value = null;
      });
    } catch (error) {
      if (!signal.aborted) this.problem.value = asProblem(error);
    } finally {
      if (!signal.aborted) this.phase.value = "ready";
    }
  }

  /** Read the newest page again, after a gap in the live stream. */
  async refresh(): Promise<void> {
    // A search on its way began before the gap: it is begun anew, and sees what was missed.
    if (this.query !== null && this.phase.peek() === "searching") return this.search(this.query, this.order);
    if (this.query === null) return;
    const { signal } = this.running;
    try {
      const page = await searchEvents(this.query, this.order, PAGE, null, signal);
      if (signal.aborted) return;
      const oldest = this.items.peek().at(-1);
      // Between a whole page of news and what is shown there may be more: then begin anew.
      const first = page.items.at(-1);
      const mayMiss = this.takesNews() && oldest !== undefined && first !== undefined && page.next !== null;
      if (mayMiss && !this.knows(page.items)) await this.search(this.query, this.order);
      else for (const event of [...page.items].reverse()) this.change(event);
    } catch (error) {
      if (!signal.aborted) asProblem(error);
    }
  }

  /** Take in one event as the live stream brought it: it fits the query. */
  change(event: EventRecord): void {
    if (this.query === null) return;
    if (this.phase.peek() === "searching") {
      this.missed.push(event);
      return;
    }
    const shown = this.items.peek();
    if (shown.some((one) => one.id === event.id)) {
      this.items.value = merged(shown, [event], this.order);
    } else if (this.takesNews()) {
      const oldest = shown.at(-1);
      const isTail = oldest !== undefined && newestFirst(event.id, oldest.id) > 0;
      if (isTail && !this.atEnd.peek()) return;
      if (this.isHeld) this.waiting.value = merged(this.waiting.peek(), [event]).slice(0, MOST_LIVE);
      else this.items.value = this.cut(merged(shown, [event]));
    }
  }

  /** Hold new events back, or let go of them. */
  hold(isHeld: boolean): void {
    this.isHeld = isHeld;
    if (!isHeld && this.waiting.peek().length > 0) {
      batch(() => {
        this.items.value = this.cut(merged(this.items.value, this.waiting.value));
        this.waiting.value = [];
      });
    }
  }

  private takesNews(): boolean {
    const to = this.query?.to ?? null;
    return this.order === "newest" && (to === null || Date.parse(to) > Date.now());
  }

  private goneTo(page: Found): void {
    this.cursor = page.next;
    this.atEnd.value = page.next === null;
    this.searchedTo.value = page.next === null ? null : page.searched_to;
  }

  private knows(events: readonly EventRecord[]): boolean {
    const ids = new Set([...this.items.peek(), ...this.waiting.peek()].map((event) => event.id));
    return events.some((event) => ids.has(event.id));
  }

  private cut(events: EventRecord[]): EventRecord[] {
    if (events.length <= MOST_LIVE) return events;
    this.cursor = null;
    this.atEnd.value = false;
    this.searchedTo.value = null;
    return events.slice(0, MOST_LIVE);
  }
}

function justAfter(instant: string): string {
  return new Date(Date.parse(instant) + 1).toISOString();
}
