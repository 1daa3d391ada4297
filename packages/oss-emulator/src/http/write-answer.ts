/** Sends an answer so that it arrives, also if it is sent before the whole request was read. */
import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import { type Answer, Disconnected, type Exchange } from "./exchange.js";

export interface AnswerContext {
  /** The service's clock. */
  readonly now: number;
  /** The CORS headers of the bucket's rules. */
  readonly cors: Readonly<Record<string, string>>;
  /** True: the connection ends after this answer. */
  readonly closes: boolean;
}

function serviceHeaders(exchange: Exchange, { now, cors }: AnswerContext): Record<string, string> {
  return {
    Server: "AliyunOSS",
    Date: new Date(now).toUTCString(),
    "x-oss-request-id": exchange.requestId,
    "x-oss-server-time": String(Math.round(performance.now() - exchange.startedAt)),
    ...cors,
  };
}

function lengthOf({ status, headers, body }: Answer): Record<string, string> {
  if (status === 204 || status === 304 || headers["Content-Length"] !== undefined) return {};
  return { "Content-Length": String(typeof body === "string" ? Buffer.byteLength(body) : 0) };
}

function headersOf(exchange: Exchange, answer: Answer, context: AnswerContext): Record<string, string> {
  const all = {
    ...(answer.isForeign ? {} : serviceHeaders(exchange, context)),
    ...answer.headers,
    ...lengthOf(answer),
  };
  if (answer.isUnreadable !== true) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => !/^access-control-/i.test(name)));
}

/** Reads the rest of the request. If a connection is closed with unread bytes, the system resets it, and the answer is lost. */
async function drain({ patience, entry }: Exchange): Promise<void> {
  await patience.drain((piece) => {
    entry.bodyBytes += piece.length;
  });
}

async function sendBody(response: ServerResponse, body: Answer["body"], isHead: boolean): Promise<void> {
  if (body instanceof Readable) {
    if (isHead) body.destroy();
    else await pipeline(body, response, { end: false });
  } else if (body !== undefined && !isHead) {
    // As bytes: Node sends headers in the encoding of a string that follows them, and metadata headers are Latin-1.
    response.write(Buffer.from(body));
  }
}

/** @throws Disconnected if the client leaves before the end of the answer */
export async function writeAnswer(exchange: Exchange, answer: Answer, context: AnswerContext): Promise<void> {
  const { response, entry, headers } = exchange;
  // A client that still waits for "100 Continue" sends no body. There is nothing to drain, and its connection cannot be reused.
  const awaitsContinue = headers.expect !== undefined && !exchange.hasContinued;
  response.sendDate = false;
  if (context.closes || awaitsContinue) response.setHeader("Connection", "close");
  response.writeHead(answer.status, headersOf(exchange, answer, context));
  // Logged before the bytes are sent, so that a test that has the answer finds the log up to date.
  entry.status = answer.status;
  entry.code = answer.code;
  entry.phase = "answered";
  exchange.touch();
  try {
    await sendBody(response, answer.body, exchange.method === "HEAD");
    if (!awaitsContinue) await drain(exchange);
    const ended = finished(response);
    response.end();
    await ended;
  } catch (cause) {
    throw new Disconnected("while it was answered", { cause });
  }
}
