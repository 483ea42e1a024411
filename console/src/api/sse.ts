/** A text/event-stream reader over `fetch`: EventSource hides why it failed and cannot resume once it gave up. */

export interface StreamMessage {
  id: string | null;
  event: string;
  data: string;
}

/** Messages of a body as they arrive. Ends with the body; throws what reading the body throws. */
export async function* messages(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamMessage | "sign of life"> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let open: StreamMessage = { id: null, event: "message", data: "" };
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line === "") {
          // A bare id counts too: it says from where to resume before anything has happened.
          if (open.data !== "" || open.id !== null) yield { ...open, data: open.data.slice(0, -1) };
          open = { id: null, event: "message", data: "" };
        } else {
          take(open, line);
        }
      }
      yield "sign of life";
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

function take(message: StreamMessage, line: string): void {
  const colon = line.indexOf(":");
  if (colon === 0) return;
  const field = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
  if (field === "data") message.data += `${value}\n`;
  else if (field === "id") message.id = value;
  else if (field === "event") message.event = value;
}
