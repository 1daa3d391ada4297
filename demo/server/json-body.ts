/** Reads what a page sends as JSON: of its own type, and not without end. */
import type { IncomingMessage } from "node:http";

/** What the page sends are a few words. */
const mostBytes = 64 * 1024;

/** Said to the page, with a status. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** @throws Refusal for another type, for more than 64 KiB, and for what is no JSON object */
export async function readJson(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  // A page of another site cannot send this type without a preflight, and gets none.
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
