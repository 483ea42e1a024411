import { liveOriginal } from "./api/live";

/** So far behind the newest picture it is played: pieces come a few times a second. */
const BEHIND_S = 0.4;
const TOO_FAR_BEHIND_S = 1.2;
const KEPT_S = 15;
const MOST_WAITING_BYTES = 8_000_000;
const AGAIN_MS = 1_000;
/** What was turned down is asked for less and less often. */
const MOST_AGAIN_MS = 10_000;
/** So many attempts in a row that brought nothing are told. */
const PATIENCE = 2;

export type Playing =
  | { step: "opening" }
  | { step: "playing" }
  /** The server turns it down, and a browser does not let a page read why. It is tried again. */
  | { step: "refused" }
  /** The browser does not play this encoding. */
  | { step: "unplayable"; codecs: string }
  | { step: "ended"; reason: string };

interface Begin {
  type: "begin";
  codecs: string;
  /** The moment of media time 0, and the server's time when this was sent. */
  at: string;
  now: string;
}

/** Plays the original of a camera in a `<video>` as it comes, and always its newest pictures. */
export class LivePlayer {
  private socket: WebSocket | null = null;
  private buffer: SourceBuffer | null = null;
  private waiting: ArrayBuffer[] = [];
  private zero = 0;
  private timer = 0;
  /** Attempts in a row that brought nothing. */
  private inVain = 0;
  private url: string | null = null;
  private isOver = false;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly camera: number,
    private readonly unmasking: number,
    private readonly tell: (now: Playing) => void,
  ) {
    this.tell({ step: "opening" });
    this.open();
  }

  /** How old what is seen is, in seconds; null while nothing is. */
  get lag(): number | null {
    if (!this.buffer || this.video.readyState < 2) return null;
    return Math.max(0, (performance.now() - this.zero) / 1000 - this.video.currentTime);
  }

  stop(): void {
    this.isOver = true;
    clearTimeout(this.timer);
    this.socket?.close();
    this.leaveFilm();
  }

  private open(): void {
    const socket = new WebSocket(liveOriginal(this.camera, this.unmasking));
    socket.binaryType = "arraybuffer";
    this.inVain += 1;
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      this.inVain = 0;
      if (typeof data === "string") this.told(JSON.parse(data));
      else this.take(data);
    };
    socket.onclose = () => this.lost();
    this.socket = socket;
  }

  private lost(): void {
    if (this.isOver) return;
    this.leaveFilm();
    this.tell({ step: this.inVain < PATIENCE ? "opening" : "refused" });
    this.timer = window.setTimeout(() => this.open(), Math.min(AGAIN_MS * 2 ** this.inVain, MOST_AGAIN_MS));
  }

  private told(message: Begin | { type: "end"; reason: string }): void {
    if (message.type === "begin") this.begin(message);
    else this.end({ step: "ended", reason: message.reason });
  }

  private end(why: Playing): void {
    this.stop();
    this.tell(why);
  }

  private begin({ codecs, at, now }: Begin): void {
    const type = `video/mp4; codecs="${codecs}"`;
    if (!("MediaSource" in window) || !MediaSource.isTypeSupported(type)) {
      this.end({ step: "unplayable", codecs });
      return;
    }
    this.leaveFilm();
    this.zero = performance.now() - (Date.parse(now) - Date.parse(at));
    const source = new MediaSource();
    this.url = URL.createObjectURL(source);
    this.video.src = this.url;
    source.onsourceopen = () => {
      const buffer = source.addSourceBuffer(type);
      buffer.onupdateend = () => {
        this.keepUp(buffer);
        this.feed();
      };
      this.buffer = buffer;
      this.feed();
    };
  }

  private take(piece: ArrayBuffer): void {
    this.waiting.push(piece);
    const bytes = this.waiting.reduce((sum, one) => sum + one.byteLength, 0);
    // A page that cannot keep up begins anew, at the newest pictures.
    if (bytes > MOST_WAITING_BYTES) this.socket?.close();
    else this.feed();
  }

  private feed(): void {
    const { buffer } = this;
    if (!buffer || buffer.updating || this.waiting.length === 0) return;
    const all = joined(this.waiting);
    this.waiting = [];
    try {
      // At once: were it made elsewhere first, a piece that comes meanwhile would be appended beside it, which is an error.
      buffer.appendBuffer(all);
    } catch {
      this.socket?.close();
    }
  }

  /** Play near the newest picture, and forget old ones. */
  private keepUp(buffer: SourceBuffer): void {
    const { video } = this;
    if (this.buffer !== buffer || buffer.buffered.length === 0) return;
    const last = buffer.buffered.length - 1;
    const [start, end] = [buffer.buffered.start(last), buffer.buffered.end(last)];
    if (video.currentTime < start || video.currentTime > end || end - video.currentTime > TOO_FAR_BEHIND_S) {
      video.currentTime = Math.max(start, end - BEHIND_S);
    }
    if (video.paused) void video.play().catch(() => undefined);
    this.tell({ step: "playing" });
    const old = video.currentTime - KEPT_S;
    if (old > buffer.buffered.start(0) + KEPT_S && !buffer.updating) buffer.remove(0, old);
  }

  private leaveFilm(): void {
    this.buffer = null;
    this.waiting = [];
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = null;
    this.video.removeAttribute("src");
    this.video.load();
  }
}

function joined(pieces: readonly ArrayBuffer[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((sum, one) => sum + one.byteLength, 0));
  let end = 0;
  for (const piece of pieces) {
    all.set(new Uint8Array(piece), end);
    end += piece.byteLength;
  }
  return all;
}
