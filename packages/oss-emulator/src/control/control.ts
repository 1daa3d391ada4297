/** The control API: what a test can do in the emulator's process, as JSON over HTTP under `/_emulator/`, for this machine only. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { finished } from "node:stream/promises";
import type { Emulator } from "../emulator.js";
import type { Patience } from "../http/patience.js";
import { splitUrl } from "../http/target.js";
import { isLoopbackName, whyNotLocal } from "../loopback.js";
import type { ControlCall } from "./call.js";
import { ControlError, type Route } from "./routes.js";

// No bucket can have this name: bucket names have no underscores.
export const controlPath = "/_emulator/";

const maxBodyBytes = 1024 ** 2;

// A page of any site can send requests to this machine. Only a page of this machine may issue tokens.
function isLocal(origin: string): boolean {
  const [, hostname] = /^https?:\/\/([^/]+?)(:\d+)?$/.exec(origin) ?? [];
  return hostname !== undefined && isLoopbackName(hostname);
}

async function readJson(patience: Patience): Promise<unknown> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of patience.pieces()) {
    size += piece.length;
    if (size > maxBodyBytes) throw new ControlError(413, "the body is larger than 1 MiB");
    pieces.push(piece);
  }
  const text = Buffer.concat(pieces).toString("utf8");
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ControlError(400, `the body is not JSON: ${(cause as Error).message}`);
  }
}

function decodePath(path: string): string[] {
  try {
    return path
      .slice(controlPath.length)
      .split("/")
      .filter((piece) => piece !== "")
      .map(decodeURIComponent);
  } catch {
    throw new ControlError(400, "the path must be percent-encoded UTF-8");
  }
}

/** What is served, and of which emulator. */
interface Served {
  /** Called at each request, because the emulator is made after its control API. */
  readonly emulator: () => Emulator;
  readonly routes: readonly Route[];
}

async function answer(
  { emulator, routes }: Served,
  request: IncomingMessage,
  response: ServerResponse,
  patience: Patience,
): Promise<unknown> {
  const { path, query } = splitUrl(request.url ?? "");
  const pieces = decodePath(path);
  const method = request.method ?? "GET";
  for (const route of routes) {
    const parameters = route.match(method, pieces);
    if (parameters === undefined) continue;
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const body = await readJson(patience);
    const call: ControlCall = {
      emulator: emulator(),
      parameters,
      query: new URLSearchParams(query),
      body,
      response,
      signal: gone.signal,
    };
    return route.perform(call);
  }
  const known = routes.map((route) => `${route.method} ${controlPath}${route.path}`).join(", ");
  throw new ControlError(404, `there is no ${method} ${path}; there are ${known}`);
}

function failure(error: unknown): { status: number; message: string } {
  if (error instanceof ControlError) return { status: error.status, message: error.message };
  // Thrown by the emulator's methods, whose messages say what is wrong with an argument.
  if (error instanceof Error) return { status: 400, message: error.message };
  throw error;
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  if (value === undefined) {
    response.writeHead(status === 200 ? 204 : status).end();
    return;
  }
  const text = JSON.stringify(value);
  response.writeHead(status, {
    "Content-Type": "application/json",
    "X-Content-Type-Options": "nosniff",
    "Content-Length": Buffer.byteLength(text),
  });
  response.end(text);
}

/** @param listensOn the host that the emulator listens on */
export function createControl(
  served: Served,
  listensOn: string,
): (request: IncomingMessage, response: ServerResponse, patience: Patience) => Promise<void> {
  return async (request, response, patience) => {
    const { origin } = request.headers;
    const notLocal = whyNotLocal(request, listensOn);
    const isAllowed = notLocal === undefined && (origin === undefined || isLocal(origin));
    if (origin !== undefined && isAllowed) {
      response.setHeader("Access-Control-Allow-Origin", origin);
      response.setHeader("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE");
      response.setHeader("Access-Control-Allow-Headers", "content-type");
      response.setHeader("Access-Control-Max-Age", "600");
      response.setHeader("Vary", "Origin");
    }
    const done = finished(response).catch(() => undefined);
    try {
      if (notLocal !== undefined) throw new ControlError(403, `the control API: ${notLocal}`);
      if (!isAllowed) throw new ControlError(403, `the control API does not serve pages of ${origin}`);
      const value = request.method === "OPTIONS" ? undefined : await answer(served, request, response, patience);
      if (!response.headersSent) sendJson(response, 200, value);
    } catch (error) {
      const { status, message } = failure(error);
      if (!response.headersSent && !response.destroyed) sendJson(response, status, { error: message });
    }
    await Promise.all([done, patience.drain().catch(() => undefined)]);
  };
}
