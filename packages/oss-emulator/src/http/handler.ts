/** Serves one OSS request from its arrival to the last byte of its answer, and lets faults change what happens. */

import type { Verifier } from "../auth/verifier.js";
import { corsHeaders } from "../cors.js";
import type { FaultList, Strike } from "../faults/fault-list.js";
import { inject } from "../faults/inject.js";
import type { FaultTools } from "../faults/struck-request.js";
import { operate } from "../operations/operate.js";
import { errorXml, OssError, refusal } from "../oss-error.js";
import type { RequestLog } from "../request-log.js";
import type { Service } from "../service.js";
import { type Answer, Disconnected, type Exchange } from "./exchange.js";
import { type Arrival, identityOf, isBrowser, openExchange } from "./open-exchange.js";
import type { HostNames, Target } from "./target.js";
import { writeAnswer } from "./write-answer.js";

/** What serving a request needs of the emulator. */
export interface HandlerContext {
  readonly service: Service;
  readonly verifier: Verifier;
  readonly log: RequestLog;
  readonly faults: FaultList;
  readonly hostNames: HostNames;
  readonly faultTools: Omit<FaultTools, "answerTo" | "corsHeaders">;
}

function hostId({ bucket, endpointHost }: Target): string {
  return bucket === undefined ? endpointHost : `${bucket}.${endpointHost}`;
}

/** The answer to a refused request: its body is the error document; for HEAD the header `x-oss-err` holds the document. */
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

function bucketCors({ service }: HandlerContext, exchange: Exchange): Readonly<Record<string, string>> {
  // The answer to a preflight has CORS headers already.
  if (exchange.action === "Preflight") return {};
  const rules = service.buckets.get(exchange.target.bucket ?? "")?.cors ?? [];
  return corsHeaders(rules, exchange.headers.origin, exchange.method);
}

async function answerTo(
  context: HandlerContext,
  exchange: Exchange,
  strike: Strike | undefined,
  targetError: OssError | undefined,
): Promise<Answer> {
  const tools: FaultTools = {
    ...context.faultTools,
    answerTo: errorAnswer,
    corsHeaders: (of) => bucketCors(context, of),
  };
  const injection = strike === undefined ? {} : await inject(exchange, strike, tools);
  const answer = injection.instead ?? (await perform(context, exchange, targetError));
  return injection.beforeAnswer === undefined ? answer : injection.beforeAnswer(answer);
}

async function perform(context: HandlerContext, exchange: Exchange, targetError?: OssError): Promise<Answer> {
  try {
    if (targetError !== undefined) throw targetError;
    return await operate(context.service, context.verifier, exchange);
  } catch (error) {
    if (error instanceof Disconnected) throw error;
    if (error instanceof OssError) return errorAnswer(exchange, error);
    console.error(`oss-emulator: ${exchange.action} failed inside the emulator`, error);
    return errorAnswer(exchange, refusal("InternalError", { message: `In the emulator: ${String(error)}` }));
  }
}

export async function handle(context: HandlerContext, arrival: Omit<Arrival, "signal">): Promise<void> {
  const { request } = arrival;
  const gone = new AbortController();
  const onClose = (): void => gone.abort();
  request.socket.once("close", onClose);
  const { exchange, error } = openExchange({ ...arrival, signal: gone.signal }, context.log, context.hostNames);
  const { entry } = exchange;
  const strike = context.faults.take(entry, identityOf(request));
  entry.fault = strike?.fault.kind;
  exchange.touch();
  try {
    const answer = await answerTo(context, exchange, strike, error);
    await writeAnswer(exchange, answer, {
      now: context.service.now(),
      cors: bucketCors(context, exchange),
      closes: context.faults.endsConnections && isBrowser(request),
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
