/** One request to a bucket, whatever it asks: signed, sent, its refusal understood, its trace left. Never repeated here. */

import { isUploadError, UploadError } from "../../errors.js";
import type { HttpResponse } from "../../workers/byte-workers.js";
import type { CallOptions, StoreTools } from "../object-store.js";
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

/** @param read makes the result of a good answer, or of absence, or throws the UploadError that it amounts to after all */
export type BucketCall = <T>(
  request: BucketRequest,
  options: CallOptions,
  read: (response: HttpResponse) => T | Promise<T>,
) => Promise<T>;

interface Exchange {
  response?: HttpResponse;
  error?: UploadError;
}

export function bucketCall({ dialect, place, clock, sign, tools, unreadable }: BucketConnection): BucketCall {
  const { workers, stallTimeoutMs } = tools;
  // A CORS rule allows methods one by one.
  const answered = new Set<BucketRequest["method"]>();

  async function send(
    request: BucketRequest,
    signed: SignedCall,
    { signal, onSent }: CallOptions,
  ): Promise<HttpResponse> {
    const { method, body, answerTimeoutMs } = request;
    const { url, headers } = signed;
    const http = { method, url, headers, stallTimeoutMs, answerTimeoutMs, ...(body === undefined ? {} : { body }) };
    try {
      const response = await workers.send(http, { signal, ...(onSent === undefined ? {} : { onSent }) });
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

  async function refusal(
    response: HttpResponse,
    request: BucketRequest,
    signed: SignedCall,
    { refusals = 0 }: CallOptions,
  ): Promise<UploadError> {
    const refused = await readRefusal(dialect, response, workers, clock.now());
    if (codeOf(dialect, refused, asked(request)) !== "credentials") {
      if (!refused.foreign) signed.accepted();
      return errorFor(dialect, asked(request), refused);
    }
    const aboutTime = dialect.isAboutTime(refused);
    const cure = signed.refused({ aboutTime, serverTimeMs: refused.serverTimeMs, refusals });
    const isAccident = cure === "final" && refusals === 0 && dialect.mayBeSpurious(refused);
    return errorFor(dialect, asked(request), refused, isAccident ? "at once" : cure);
  }

  function asked({ action, key, partNumber, query, headers }: BucketRequest): Asked {
    const ofUpload = query.uploadId !== undefined;
    const withCallback = dialect.asksForCallback(headers);
    return { action, key, partNumber, bucket: place.bucket, ofUpload, withCallback };
  }

  return async (request, options, read) => {
    const { signal } = options;
    signal.throwIfAborted();
    const { action, key, method, query, headers } = request;
    const wanted = { action, method, bucket: place.bucket, key, query, headers };
    const signed = await sign(wanted, options, bodySize(request.body));
    signal.throwIfAborted();
    const sent = sentBytes(request.body, options);
    const startedAt = tools.now();
    sent.report(0);
    const exchange: Exchange = {};
    let durationMs: number | undefined;
    try {
      const response = await send(request, signed, { ...options, onSent: sent.report });
      durationMs = tools.now() - startedAt;
      exchange.response = response;
      signal.throwIfAborted();
      const dateMs = dateOf(response.headers.date);
      if (dateMs !== undefined && !response.elsewhere) clock.saw(dateMs);
      if (!isRefusal(response)) {
        if (isOfAnother(request.good, response)) throw foreign(dialect, request, response);
        signed.accepted();
        const result = await read(response);
        sent.report(bodySize(request.body));
        return result;
      }
      const error = await refusal(response, request, signed, options);
      signal.throwIfAborted();
      if (request.isAbsence?.(error)) return await read(response);
      throw error;
    } catch (error) {
      signal.throwIfAborted();
      sent.report(0);
      exchange.error = explained(error, asked(request));
      throw exchange.error;
    } finally {
      sent.end();
      options.onRequest?.({
        action,
        partNumber: request.partNumber ?? null,
        attempt: options.attempt ?? 1,
        bodyBytes: bodySize(request.body),
        startedAt,
        durationMs: durationMs ?? tools.now() - startedAt,
        status: exchange.response?.status ?? 0,
        requestId: exchange.response?.headers[dialect.requestIdHeader] ?? exchange.error?.requestId ?? null,
        error: exchange.error?.code ?? null,
      });
    }
  };
}

/** Only bodies of the file count, and nothing that arrives after the end: progress comes by another way than the answer. */
function sentBytes(body: BucketRequest["body"], { onSent }: CallOptions) {
  let ended = false;
  return {
    report(bytes: number) {
      if (!ended && body instanceof Blob) onSent?.(bytes);
    },
    end() {
      ended = true;
    },
  };
}

function bodySize(body: BucketRequest["body"]): number {
  if (body === undefined) return 0;
  return body instanceof Blob ? body.size : body.byteLength;
}

/** Failures of the hands do not know what they were about. */
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
 * Browsers do not tell a refusal by CORS from a dead network: as long as no such request was ever answered, it may be
 * either. And a bucket that is not there has no CORS rule, so its "NoSuchBucket" cannot be read.
 */
function firstContact({ corsRule, hintForHost }: Dialect, { bucket, urlOf }: BucketPlace): string {
  const host = hintForHost(new URL(urlOf("", {})).hostname, bucket);
  const question = `is there a bucket "${bucket}" at this endpoint, and does its CORS rule allow this page?${host}`;
  return `If this page is online: ${question} The rule it needs:\n${corsRule()}`;
}
