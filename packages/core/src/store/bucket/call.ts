/** Makes one request to a bucket: signs it, sends it, reads the answer or the refusal, and leaves a trace. Repeats nothing. */

import { isUploadError, UploadError } from "../../errors.js";
import type { HttpResponse } from "../../workers/byte-workers.js";
import type { CallOptions } from "../object-store.js";
import type { StoreTools } from "../store-connection.js";
import { foreign } from "./bad-answer.js";
import type { BucketPlace } from "./bucket-place.js";
import type { BucketRequest } from "./bucket-request.js";
import type { Asked, Dialect } from "./dialect.js";
import { isOfAnother, isRefusal } from "./good-answer.js";
import { codeOf, dateOf, describe, errorFor, readRefusal } from "./refusal.js";
import type { ServiceClock } from "./service-clock.js";
import type { SignedCall, Signer } from "./signer.js";
import type { UnreadableAnswers } from "./unreadable.js";

export interface BucketConnection {
  readonly dialect: Dialect;
  readonly place: BucketPlace;
  readonly clock: ServiceClock;
  readonly sign: Signer;
  readonly tools: StoreTools;
  readonly unreadable: UnreadableAnswers;
}

/**
 * @param read makes the result of a good answer, or of one that says that the thing is absent; throws an UploadError if the answer turns
 *   out to be none
 * @throws UploadError alone, or the signal's reason
 */
export type BucketCall = <T>(
  request: BucketRequest,
  options: CallOptions,
  read: (response: HttpResponse) => T | Promise<T>,
) => Promise<T>;

export function bucketCall(connection: BucketConnection): BucketCall {
  const answered: Exchange["answered"] = new Set();
  return async (request, options, read) => {
    const { signal } = options;
    signal.throwIfAborted();
    const { dialect, place, sign } = connection;
    const { action, key, partNumber, method, query, headers } = request;
    const wanted = { action, method, bucket: place.bucket, key, query, headers };
    const signed = await sign(wanted, options, bodySize(request.body));
    signal.throwIfAborted();
    options.onSigned?.();
    const ofUpload = query.uploadId !== undefined;
    const asked = { ...wanted, partNumber, ofUpload, withCallback: dialect.asksForCallback(headers) };
    return await exchange({ ...connection, request, options, asked, signed, answered }, read);
  };
}

/** One signed request, and what it takes to send it and to understand the answer. */
interface Exchange extends BucketConnection {
  readonly request: BucketRequest;
  readonly options: CallOptions;
  readonly asked: Asked;
  readonly signed: SignedCall;
  /** Methods of which the page has read an answer. A CORS rule allows them one by one. */
  readonly answered: Set<BucketRequest["method"]>;
}

async function exchange<T>(sending: Exchange, read: (response: HttpResponse) => T | Promise<T>): Promise<T> {
  const { dialect, tools, request, options, asked, signed } = sending;
  const { action, partNumber = null, body } = request;
  const { signal, onSent, onRequest, attempt = 1 } = options;
  const bodyBytes = bodySize(body);
  const startedAt = tools.now();
  let durationMs: number | undefined;
  let response: HttpResponse | undefined;
  let failure: UploadError | undefined;
  let hasEnded = false;
  // Only bodies of the file count. Progress comes by another way than the answer: what arrives after the end is ignored.
  const report = (bytes: number) => {
    if (!hasEnded && body instanceof Blob) onSent?.(bytes);
  };
  report(0);
  try {
    response = await send(sending, report);
    durationMs = tools.now() - startedAt;
    signal.throwIfAborted();
    const result = await understand(sending, response, read);
    if (body instanceof Blob && bodyBytes > 0 && signed.fields === undefined) {
      tools.patience?.stored(response.unseen === true);
    }
    report(bodyBytes);
    return result;
  } catch (error) {
    signal.throwIfAborted();
    report(0);
    failure = explained(error, asked);
    throw failure;
  } finally {
    hasEnded = true;
    onRequest?.({
      action,
      partNumber,
      attempt,
      bodyBytes,
      startedAt,
      durationMs: durationMs ?? tools.now() - startedAt,
      status: response?.status ?? 0,
      requestId: response?.headers[dialect.requestIdHeader] ?? failure?.requestId ?? null,
      error: failure?.code ?? null,
    });
  }
}

async function send(sending: Exchange, onSent: (bytes: number) => void): Promise<HttpResponse> {
  const { dialect, place, tools, unreadable, request, options, asked, signed, answered } = sending;
  const { method, body, answerTimeoutMs } = request;
  const { url, headers, fields: form } = signed;
  const { signal } = options;
  const { workers, stallTimeoutMs, patience } = tools;
  const isUnseen = form !== undefined;
  const limits = body instanceof Blob ? patience?.limits(body.size, asked.withCallback === true, isUnseen) : undefined;
  const sent = { ...(body && { body }), ...(form && { form }) };
  const http = { method, url, headers, stallTimeoutMs, answerTimeoutMs, ...limits, ...sent };
  try {
    const response = await workers.send(http, { signal, onSent });
    answered.add(method);
    unreadable.answered();
    return response;
  } catch (error) {
    if (!isUploadError(error) || error.code !== "network") throw error;
    const unsignedAnswered = await unreadable.lost({ signal });
    const hints = [
      ...(unsignedAnswered ? [clockOrKey(dialect)] : []),
      ...(answered.has(method) ? [] : [firstContact(dialect, place)]),
    ];
    throw hints.length === 0 ? error : error.with({ hint: hints.join(" ") });
  }
}

/** @returns what `read` makes of the answer. @throws UploadError if it is a refusal, or not the service's */
async function understand<T>(
  sending: Exchange,
  response: HttpResponse,
  read: (response: HttpResponse) => T | Promise<T>,
): Promise<T> {
  const { dialect, clock, request, options, signed } = sending;
  const dateMs = dateOf(response.headers.date);
  if (dateMs !== undefined && !response.elsewhere) clock.saw(dateMs);
  if (!isRefusal(response)) {
    if (isOfAnother(request.good, response)) throw foreign(dialect, request, response);
    options.onAnswer?.();
    signed.accepted();
    return await read(response);
  }
  const error = await refusal(sending, response);
  options.signal.throwIfAborted();
  if (error.code !== "server") options.onAnswer?.();
  if (request.isAbsence?.(error)) return await read(response);
  throw error;
}

async function refusal(sending: Exchange, response: HttpResponse): Promise<UploadError> {
  const { dialect, clock, tools, options, signed } = sending;
  const asked = { ...sending.asked, hostname: new URL(signed.url).hostname };
  const { refusals = 0 } = options;
  const refused = await readRefusal(dialect, response, tools.workers, clock.now());
  if (codeOf(dialect, refused, asked) !== "credentials") {
    if (!refused.foreign) signed.accepted();
    return errorFor(dialect, asked, refused);
  }
  const aboutTime = dialect.isAboutTime(refused);
  const cure = signed.refused({ aboutTime, serverTimeMs: refused.serverTimeMs, refusals });
  const isAccident = cure === "final" && refusals === 0 && dialect.mayBeSpurious(refused);
  return errorFor(dialect, asked, refused, isAccident ? "at once" : cure);
}

function bodySize(body: BucketRequest["body"]): number {
  if (body === undefined) return 0;
  return body instanceof Blob ? body.size : body.byteLength;
}

/** Adds what was asked for: errors of a worker do not know it. */
function explained(error: unknown, asked: Asked): UploadError {
  const { action, partNumber } = asked;
  if (isUploadError(error)) return error.with({ action, partNumber });
  return new UploadError("worker", `${describe(asked)} failed inside the library`, {
    action,
    partNumber,
    cause: error,
  });
}

function clockOrKey({ adapter }: Dialect): string {
  return (
    "An unsigned request was answered, signed ones get no answer that this page may read: look at the clock of this device, and at " +
    `what \`credentials\` or \`signer\` of ${adapter} gives.`
  );
}

/**
 * Browsers do not tell a refusal by CORS from a dead network. It may be either until a request with this method has been answered. A
 * bucket that does not exist has no CORS rule, so the page cannot read its "NoSuchBucket" either.
 */
function firstContact({ corsRule, hintForHost }: Dialect, { bucket, urlOf }: BucketPlace): string {
  const host = hintForHost(new URL(urlOf("", {})).hostname, bucket);
  const question = `is there a bucket "${bucket}" at this endpoint, and does its CORS rule allow this page?${host}`;
  return `If this page is online: ${question} The rule it needs:\n${corsRule()}`;
}
