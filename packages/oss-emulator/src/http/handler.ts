/** One OSS request from its arrival to the last byte of its answer, through the faults. */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Action, actionOf } from "../action.js";
import type { Verifier } from "../auth/verifier.js";
import { corsHeaders } from "../cors.js";
import type { FaultList, Strike } from "../faults/fault-list.js";
import { inject, type World } from "../faults/inject.js";
import { operate } from "../operations/operate.js";
import { errorXml, OssError, refusal } from "../oss-error.js";
import type { RequestLog } from "../request-log.js";
import type { Service } from "../service.js";
import { type Answer, Disconnected, type Exchange } from "./exchange.js";
import type { Patience } from "./patience.js";
import { type HostNames, parseTarget, Query, type Target } from "./target.js";
import { writeAnswer } from "./write-answer.js";

export interface HandlerParts {
  readonly service: Service;
  readonly verifier: Verifier;
  readonly log: RequestLog;
  readonly faults: FaultList;
  readonly hostNames: HostNames;
  readonly world: Omit<World, "answerTo" | "corsHeaders">;
}

function hostId({ bucket, endpointHost }: Target): string {
  return bucket === undefined ? endpointHost : `${bucket}.${endpointHost}`;
}

/** A refusal on the wire: a document, or for HEAD a header that holds it. */
export function errorAnswer(exchange: Exchange, error: OssError): Answer {
  const xml = errorXml(error, exchange.requestId, hostId(exchange.target));
  const isHead = exchange.method === "HEAD";
  return {
    status: error.status,
    headers: {
      ...(isHead ? {} : { "Content-Type": "application/xml" }),
      ...(error.ec === undefined ? {} : { "x-oss-ec": error.ec }),
      ...(isHead ? { "x-oss-err": Buffer.from(xml).toString("base64") } : {}),
      ...error.headers,
    },
    ...(isHead ? {} : { body: xml }),
    code: error.code,
  };
}

function bucketCors({ service }: HandlerParts, exchange: Exchange): Readonly<Record<string, string>> {
  // A preflight's answer has its own.
  if (exchange.action === "Preflight") return {};
  const rules = service.buckets.get(exchange.target.bucket ?? "")?.cors ?? [];
  return corsHeaders(rules, exchange.headers.origin, exchange.method);
}

function readTarget(request: IncomingMessage, names: HostNames): { target: Target; error?: OssError } {
  const host = request.headers.host ?? "";
  try {
    return { target: parseTarget(request.url ?? "/", host, names) };
  } catch (error) {
    if (!(error instanceof OssError)) throw error;
    return { target: { bucket: undefined, key: undefined, query: new Query([]), endpointHost: host }, error };
  }
}

function plainHeaders(request: IncomingMessage): Record<string, string> {
  const all = Object.entries(request.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value] as const],
  );
  return Object.fromEntries(all);
}

/** Browsers alone send a request again by themselves. */
export function isBrowser({ headers }: IncomingMessage): boolean {
  return headers["user-agent"]?.startsWith("Mozilla/") === true;
}

/** What a browser's own second sending has in common with the first. */
function identityOf(request: IncomingMessage): string | undefined {
  const { method, url, headers } = request;
  if (!isBrowser(request)) return undefined;
  return JSON.stringify([method, url, headers.authorization, headers["x-oss-date"], headers.origin]);
}

function partNumber(target: Target): number | undefined {
  const text = target.query.get("partNumber");
  return text === undefined ? undefined : Number(text);
}

function isSigned(headers: Exchange["headers"], { query }: Target): boolean {
  return headers.authorization !== undefined || query.has("x-oss-signature") || query.has("Signature");
}

async function settle(
  parts: HandlerParts,
  exchange: Exchange,
  strike: Strike | undefined,
  targetError?: OssError,
): Promise<Answer> {
  const world: World = {
    ...parts.world,
    answerTo: errorAnswer,
    corsHeaders: (of) => bucketCors(parts, of),
  };
  const injection = strike === undefined ? {} : await inject(exchange, strike, world);
  const answer = injection.instead ?? (await perform(parts, exchange, targetError));
  return injection.beforeAnswer === undefined ? answer : injection.beforeAnswer(answer);
}

async function perform(parts: HandlerParts, exchange: Exchange, targetError?: OssError): Promise<Answer> {
  try {
    if (targetError !== undefined) throw targetError;
    return await operate(parts.service, parts.verifier, exchange);
  } catch (error) {
    if (error instanceof Disconnected) throw error;
    if (error instanceof OssError) return errorAnswer(exchange, error);
    console.error(`oss-emulator: ${exchange.action} failed inside the emulator`, error);
    return errorAnswer(exchange, refusal("InternalError", { message: `In the emulator: ${String(error)}` }));
  }
}

/** @param connection from `Connections.begin` */
export async function handle(
  parts: HandlerParts,
  request: IncomingMessage,
  response: ServerResponse,
  connection: { readonly connection: number; readonly isReused: boolean },
  patience: Patience,
): Promise<void> {
  const { target, error } = readTarget(request, parts.hostNames);
  const method = request.method ?? "GET";
  const action: Action = error === undefined ? actionOf(method, target) : "Unknown";
  const requestId = randomBytes(12).toString("hex").toUpperCase();
  const headers = plainHeaders(request);
  const entry = parts.log.add({
    at: Date.now(),
    method,
    action,
    bucket: target.bucket,
    key: target.key,
    partNumber: partNumber(target),
    uploadId: target.query.get("uploadId"),
    origin: headers.origin,
    isSigned: isSigned(headers, target),
    requestId,
    connection: connection.connection,
    isReused: connection.isReused,
  });
  const gone = new AbortController();
  const onClose = (): void => gone.abort();
  request.socket.once("close", onClose);
  const exchange: Exchange = {
    request,
    response,
    socket: request.socket,
    signal: gone.signal,
    method,
    target,
    action,
    headers,
    requestId,
    entry,
    touch: () => parts.log.touch(entry),
    startedAt: performance.now(),
    patience,
    bodyPlan: {},
    trustsContentMd5: false,
    hidesMd5: false,
    hasHiddenMd5: false,
    hasContinued: false,
    beforeEffect: async () => {},
  };
  const strike = parts.faults.take(entry, identityOf(request));
  entry.fault = strike?.fault.kind;
  exchange.touch();
  try {
    const answer = await settle(parts, exchange, strike, error);
    await writeAnswer(exchange, answer, {
      now: parts.service.now(),
      cors: bucketCors(parts, exchange),
      closes: parts.faults.endsConnections && isBrowser(request),
    });
  } catch (cause) {
    if (!(cause instanceof Disconnected)) throw cause;
    if (entry.phase !== "dropped") {
      entry.phase = "dropped";
      exchange.touch();
    }
    request.socket.destroy();
  } finally {
    request.socket.off("close", onClose);
  }
}
