/** Answers with a good status that are not good all the same, and what that means. Pure. */

import { UploadError, type UploadErrorCode, type UploadErrorDetails } from "../../errors.js";
import type { HttpResponse } from "../../workers/byte-workers.js";
import type { BucketRequest } from "./bucket-request.js";
import type { Dialect } from "./dialect.js";
import { somebodyElse } from "./good-answer.js";
import { describe } from "./refusal.js";

/** The answer names other bytes than the digest does. */
export function corrupted(dialect: Dialect, request: BucketRequest, response: HttpResponse): UploadError {
  return badAnswer(dialect, "corrupted", request, response, "stored other bytes than were digested");
}

/** The same, as far as an ETag can tell: where it is no MD5 it names no bytes, and the CRC-64, which would, is hidden. */
export function otherETag(dialect: Dialect, request: BucketRequest, response: HttpResponse): UploadError {
  const problem = "was answered with an ETag that is not the MD5 of what was sent";
  return badAnswer(dialect, "corrupted", request, response, problem, {
    hint:
      "Bytes were damaged on the way, or the ETag is no MD5, as under KMS encryption: then only the CRC-64 can prove what is stored, " +
      `and the page may not read it. The CORS rule to add:\n${dialect.corsRule()}`,
  });
}

/** Somebody else made it, or it claims what the service then does not show. */
export function foreign(dialect: Dialect, request: BucketRequest, response: HttpResponse): UploadError {
  const problem = `was answered ${response.status} with something that is not ${dialect.service}'s`;
  return badAnswer(dialect, "server", request, response, problem, { hint: somebodyElse });
}

/** The answer was good as far as it went, but the service does not have what it says. */
export function notThere(dialect: Dialect, request: BucketRequest, response: HttpResponse): UploadError {
  const problem = `was answered ${response.status}, but the service does not have what was sent`;
  return badAnswer(dialect, "server", request, response, problem, { hint: somebodyElse });
}

/** The part is stored, but nothing that the page may read says under which ETag. */
export function hiddenETag(dialect: Dialect, request: BucketRequest, response: HttpResponse): UploadError {
  return badAnswer(dialect, "misconfigured", request, response, "was stored, but the page may not read its ETag", {
    hint: `The bucket's CORS rule has to expose it, or ${dialect.permissions.ListParts} be granted. The rule to add:\n${dialect.corsRule()}`,
  });
}

/** Complete was told a name that is ours, and the service knows the part by another one, or has no such part. */
export function withOwnNames(dialect: Dialect, error: UploadError): UploadError {
  return error.with({
    hint: `Parts were named by their MD5, because the page may read no ETag and list no parts. The rule to add:\n${dialect.corsRule()}`,
  });
}

function badAnswer(
  dialect: Dialect,
  code: UploadErrorCode,
  request: BucketRequest,
  { status, headers }: HttpResponse,
  problem: string,
  details: UploadErrorDetails = {},
): UploadError {
  const { action, partNumber } = request;
  const requestId = headers[dialect.requestIdHeader];
  return new UploadError(code, `${describe(request)} ${problem}`, {
    action,
    partNumber,
    status,
    requestId,
    ...details,
  });
}
