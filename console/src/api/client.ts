import { offline, Problem, problemOf } from "./problem";

export const API = "/api/v1";
export const NOT_SIGNED_IN = "not_signed_in";

export type Query = Record<string, string | number | boolean | readonly (string | number)[] | undefined>;

/** Path under the API with a query; a list repeats its key, what is undefined is left out. */
export function address(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of typeof value === "object" ? value : [value]) search.append(key, String(one));
  }
  const text = search.toString();
  return text ? `${API}${path}?${text}` : `${API}${path}`;
}

type Stranger = (askedAt: number) => void;
let onStranger: Stranger = () => undefined;

/** Have `tell` called whenever the server does not know who asks; `askedAt` is when it was asked, by `performance.now`. */
export function whenStranger(tell: Stranger): void {
  onStranger = tell;
}

/** `fetch` whose only errors are `Problem`s and the abort of `init.signal`. */
export async function request(url: string, init: RequestInit = {}): Promise<Response> {
  const askedAt = performance.now();
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw offline();
  }
  if (!response.ok) {
    const problem = await problemOf(response);
    if (problem.code === NOT_SIGNED_IN) onStranger(askedAt);
    throw problem;
  }
  return response;
}

async function read<T>(url: string, init: RequestInit): Promise<T> {
  const response = await request(url, init);
  try {
    return (await response.json()) as T;
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Problem(response.status, { code: "unreadable_answer" });
  }
}

export function get<T>(path: string, query: Query = {}, signal: AbortSignal | null = null): Promise<T> {
  return read<T>(address(path, query), { signal });
}

export function send<T>(
  method: "POST" | "PATCH" | "PUT",
  path: string,
  body: unknown,
  signal: AbortSignal | null = null,
  headers: Record<string, string> = {},
): Promise<T> {
  return read<T>(address(path), {
    method,
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
    signal,
  });
}

/** The condition that nobody else has changed it since it was read at this revision. */
export const ifStill = (revision: number | null): Record<string, string> =>
  revision === null ? {} : { "If-Match": `"${revision}"` };

/** Send what is answered without a word. */
export async function tell(method: "POST" | "PUT", path: string, body: unknown): Promise<void> {
  await request(address(path), {
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

export async function remove(path: string, headers: Record<string, string> = {}): Promise<void> {
  await request(address(path), { method: "DELETE", headers });
}

/** What was thrown by the functions above, as a `Problem`; null for an abort. */
export function asProblem(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  if (error instanceof DOMException && error.name === "AbortError") return null;
  throw error;
}
