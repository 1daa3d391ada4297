/** Errors for answers whose status is good, although the answer is not. Pure. */

import { UploadError, type UploadErrorCode } from "../../errors.js";
import type { HttpResponse } from "../../workers/byte-workers.js";
import type { BucketRequest } from "./bucket-request.js";
import type { Dialect } from "./dialect.js";
import { somebodyElse } from "./good-answer.js";
import { describe } from "./refusal.js";

/** The answer names other bytes than the digest does. */
export function corrupted(dialect: Dialect, request: BucketRequest, response: HttpResponse): UploadError {
  return badAnswer(dialect, "corrupted", request, response, "stored other bytes than were digested");
}

/**
 * The ETag of the answer is not the MD5 of the bytes. Either they are other bytes, or the ETag is no MD5; the CRC-64, which would tell, is
 * hidden.
 */
export function otherETag(dialect: Dialect, request: BucketRequest, response: HttpResponse): UploadError {
  const problem = "was answered with an ETag that is not the MD5 of what was sent";
  const hint =
    "Bytes were damaged on the way, or the ETag is no MD5, as under KMS encryption: then only the CRC-64 can prove what is stored, " +
    `and the page may not read it. ${ruleToAdd(dialect)}`;
  return badAnswer(dialect, "corrupted", request, response, problem, hint);
}

/** The answer is not in a form that the service uses: somebody else wrote it. */
export function foreign(dialect: Dialect, request: BucketRequest, response: HttpResponse): UploadError {
  const problem = `was answered ${response.status} with something that is not ${dialect.service}'s`;
  return badAnswer(dialect, "server", request, response, problem, somebodyElse);
}

/** The answer has the right form, but the service, asked again, does not have what it claims. */
export function notThere(dialect: Dialect, request: BucketRequest, response: HttpResponse): UploadError {
  const problem = `was answered ${response.status}, but the service does not have what was sent`;
  return badAnswer(dialect, "server", request, response, problem, somebodyElse);
}

/** The part is stored, but the page can read its ETag nowhere, and without an ETag it cannot be completed. */
export function hiddenETag(dialect: Dialect, request: BucketRequest, response: HttpResponse): UploadError {
  const hint = `The bucket's CORS rule has to expose it, or ${dialect.permissions.ListParts} be granted. ${ruleToAdd(dialect)}`;
  const problem = "was stored, but the page may not read its ETag";
  return badAnswer(dialect, "misconfigured", request, response, problem, hint);
}

/** Complete was told an ETag that we had worked out, and the service knows the part by another one, or has no such part. */
export function withOwnNames(dialect: Dialect, error: UploadError): UploadError {
  return error.with({
    hint: `Parts were named by their MD5, because the page may read no ETag and list no parts. ${ruleToAdd(dialect)}`,
  });
}

function ruleToAdd({ corsRule }: Dialect): string {
  return `The CORS rule to add:\n${corsRule()}`;
}

function badAnswer(
  dialect: Dialect,
  code: UploadErrorCode,
  request: BucketRequest,
  { status, headers }: HttpResponse,
  problem: string,
  hint?: string,
): UploadError {
  const { action, partNumber } = request;
  const requestId = headers[dialect.requestIdHeader];
  return new UploadError(code, `${describe(request)} ${problem}`, { action, partNumber, status, requestId, hint });
}
