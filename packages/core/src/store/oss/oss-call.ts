/** One request to OSS, whatever it asks: signed, sent, its refusal understood, its trace left. Never repeated here. */
import { isUploadError, UploadError } from "../../errors.js";
import type { HttpResponse } from "../../workers/byte-workers.js";
import type { CallOptions, StoreTools } from "../object-store.js";
import type { OssPlace } from "./addressing.js";
import { foreign } from "./bad-answer.js";
import { corsRule } from "./cors-rule.js";
import { isOfAnother, isRefusal } from "./good-answer.js";
import {
  type Asked,
  codeOf,
  dateOf,
  describe,
  errorFor,
  isAboutTime,
  mayBeSpurious,
  readRefusal,
} from "./oss-error.js";
import type { OssRequest } from "./oss-request.js";
import type { ServiceClock } from "./service-clock.js";
import type { SignedCall, Signer } from "./signer.js";
import type { UnreadableAnswers } from "./unreadable.js";

export interface OssConnection {
  readonly place: OssPlace;
  readonly clock: ServiceClock;
  readonly sign: Signer;
  readonly tools: StoreTools;
  readonly unreadable: UnreadableAnswers;
}

/** @param read makes the result of a good answer, or of absence, or throws the UploadError that it amounts to after all */
export type OssCall = <T>(
  request: OssRequest,
  options: CallOptions,
  read: (response: HttpResponse) => T | Promise<T>,
) => Promise<T>;

interface Exchange {
  response?: HttpResponse;
  error?: UploadError;
}

export function ossCall({ place, clock, sign, tools, unreadable }: OssConnection): OssCall {
  const { workers, stallTimeoutMs } = tools;
  // A CORS rule allows methods one by one.
  const answered = new Set<OssRequest["method"]>();

  async function send(request: OssRequest, signed: SignedCall, { signal, onSent }: CallOptions): Promise<HttpResponse> {
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
      const hints = [...(unsignedAnswered ? [clockOrKey] : []), ...(answered.has(method) ? [] : [firstContact(place)])];
      throw hints.length === 0 ? error : error.with({ hint: hints.join(" ") });
    }
  }

  async function refusal(
    response: HttpResponse,
    request: OssRequest,
    signed: SignedCall,
    { refusals = 0 }: CallOptions,
  ): Promise<UploadError> {
    const refused = await readRefusal(response, workers, clock.now());
    if (codeOf(refused, asked(request)) !== "credentials") {
      if (!refused.foreign) signed.accepted();
      return errorFor(asked(request), refused);
    }
    const aboutTime = isAboutTime(refused);
    const curable = signed.refused({ aboutTime, serverTimeMs: refused.serverTimeMs });
    return errorFor(asked(request), refused, curable || (refusals === 0 && mayBeSpurious(refused)));
  }

  function asked({ action, key, partNumber, query, headers }: OssRequest): Asked {
    const ofUpload = query.uploadId !== undefined;
    const withCallback = headers["x-oss-callback"] !== undefined;
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
        if (isOfAnother(request.good, response)) throw foreign(request, response);
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
        requestId: exchange.response?.headers["x-oss-request-id"] ?? exchange.error?.requestId ?? null,
        error: exchange.error?.code ?? null,
      });
    }
  };
}

/** Only bodies of the file count, and nothing that arrives after the end: progress comes by another way than the answer. */
function sentBytes(body: OssRequest["body"], { onSent }: CallOptions) {
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

function bodySize(body: OssRequest["body"]): number {
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

const cnameHint =
  'The bucket\'s name is put in front of `endpoint`: if that is a domain bound to the bucket, pass addressing: "cname".';

const clockOrKey =
  "An unsigned request was answered, signed ones get no answer that this page may read: look at the clock of this device, and at " +
  "what `credentials` or `signer` of ossStore() gives.";

/**
 * Browsers do not tell a refusal by CORS from a dead network: as long as no such request was ever answered, it may be
 * either. And a bucket that is not there has no CORS rule, so its "NoSuchBucket" cannot be read.
 */
function firstContact({ bucket, urlOf }: OssPlace): string {
  const { hostname } = new URL(urlOf("", {}));
  const perhapsBound = hostname.startsWith(`${bucket}.`) && !/\.(aliyuncs\.com|localhost)$/.test(hostname);
  const domain = perhapsBound ? ` ${cnameHint}` : "";
  const question = `is there a bucket "${bucket}" at this endpoint, and does its CORS rule allow this page?${domain}`;
  return `If this page is online: ${question} The rule it needs:\n${corsRule()}`;
}
