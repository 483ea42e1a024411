import { address, request } from "./client";

/** A masked live picture after the other, until the server ends them or `signal` does. Throws a `Problem`. */
export async function* livePictures(camera: number, signal: AbortSignal): AsyncGenerator<Blob> {
  const response = await request(address(`/cameras/${camera}/live`), { signal, cache: "no-store" });
  const reader = response.body?.getReader();
  if (!reader) return;
  let kept = new Uint8Array();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      kept = joined(kept, value);
      for (let part = firstPart(kept); part; part = firstPart(kept)) {
        kept = kept.slice(part.end);
        yield new Blob([part.body], { type: "image/jpeg" });
      }
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

/** Where the original of a camera is shown live, by WebSocket. */
export const liveOriginal = (camera: number, unmasking: number): string =>
  `${location.origin.replace(/^http/, "ws")}${address(`/cameras/${camera}/live-original`, { unmasking })}`;

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/** The body of the first part that is whole, and where it ends. */
function firstPart(bytes: Uint8Array<ArrayBuffer>): { body: Uint8Array<ArrayBuffer>; end: number } | null {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 512));
  const length = /content-length: (\d+)\r\n\r\n/i.exec(head);
  if (!length) return null;
  const start = length.index + length[0].length;
  const end = start + Number(length[1]);
  return end > bytes.length ? null : { body: bytes.slice(start, end), end };
}
