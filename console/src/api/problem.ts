/** What went wrong with a request, as the server says it (RFC 9457), or as we must say it when no server answered. */
export interface Fault {
  field: string;
  detail: string;
}

interface ProblemBody {
  title?: string;
  status?: number;
  detail?: string;
  code?: string;
  field?: string;
  hint?: string;
  errors?: Fault[];
}

export class Problem extends Error {
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly field: string | null;
  readonly hint: string | null;
  /** All that is wrong, by the field: one, or several. */
  readonly faults: readonly Fault[];
  /** When it may be tried again, in milliseconds since 1970; null where the server does not say. */
  readonly againAt: number | null;

  constructor(status: number, body: ProblemBody, againAt: number | null = null) {
    super(body.detail ?? body.title ?? `HTTP ${status}`);
    this.title = body.title ?? `HTTP ${status}`;
    this.status = status;
    this.detail = body.detail ?? "";
    this.code = body.code ?? "";
    this.field = body.field ?? null;
    this.hint = body.hint ?? null;
    const one = body.field === undefined ? [] : [{ field: body.field, detail: this.detail }];
    this.faults = body.errors ?? one;
    this.againAt = againAt;
  }

  /** Whether no server answered at all: the network, or a server that is down. */
  get isOffline(): boolean {
    return this.status === 0;
  }
}

export function offline(): Problem {
  return new Problem(0, { title: "", code: "offline" });
}

/** The moment that `Retry-After` names in seconds; null where it names none. */
function againAt(response: Response): number | null {
  const seconds = Number(response.headers.get("Retry-After") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? Date.now() + seconds * 1000 : null;
}

export async function problemOf(response: Response): Promise<Problem> {
  const kind = response.headers.get("Content-Type") ?? "";
  if (!kind.includes("json")) return new Problem(response.status, {}, againAt(response));
  try {
    return new Problem(response.status, (await response.json()) as ProblemBody, againAt(response));
  } catch {
    return new Problem(response.status, {});
  }
}
