/** Reads the JSON that a page sends, if it has the right content type and is not too long. */
import type { IncomingMessage } from "node:http";

/** Far more than the few words that the page sends. */
const mostBytes = 64 * 1024;

/** An error that the page is answered with. @param status of the answer */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** @throws Refusal for another content type, for more than 64 KiB, and for anything but a JSON object */
export async function readJson(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  // A page of another site can send this type only after a preflight, and this server allows none.
  if (request.headers["content-type"] !== "application/json") throw new Refusal(400, "send application/json");
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request.iterator({ destroyOnReturn: false })) {
    size += (piece as Buffer).length;
    if (size > mostBytes) throw new Refusal(413, `send less than ${mostBytes} bytes`);
    pieces.push(piece as Buffer);
  }
  const value = parsed(Buffer.concat(pieces).toString("utf8"));
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Refusal(400, "send a JSON object");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Refusal(400, `what was sent is no JSON: ${(cause as Error).message}`);
  }
}
