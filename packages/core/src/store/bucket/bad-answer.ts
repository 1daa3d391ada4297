/** Answers with a good status that are not good all the same, and what that means. Pure. */
import { UploadError, type UploadErrorCode, type UploadErrorDetails } from "../../errors.js";
import type { HttpResponse } from "../../workers/byte-workers.js";
import { corsRule } from "../oss/cors-rule.js";
import type { OssRequest } from "./bucket-request.js";
import { somebodyElse } from "./good-answer.js";
import { describe } from "./refusal.js";

/** The answer names other bytes than the digest does. */
export function corrupted(request: OssRequest, response: HttpResponse): UploadError {
  return badAnswer("corrupted", request, response, "stored other bytes than were digested");
}

/** The same, as far as an ETag can tell: where it is no MD5 it names no bytes, and the CRC-64, which would, is hidden. */
export function otherETag(request: OssRequest, response: HttpResponse): UploadError {
  const problem = "was answered with an ETag that is not the MD5 of what was sent";
  return badAnswer("corrupted", request, response, problem, {
    hint:
      "Bytes were damaged on the way, or the ETag is no MD5, as under KMS encryption: then only the CRC-64 can prove what is stored, " +
      `and the page may not read it. The CORS rule to add:\n${corsRule()}`,
  });
}

/** Somebody else made it, or it claims what the service then does not show. */
export function foreign(request: OssRequest, response: HttpResponse): UploadError {
  const problem = `was answered ${response.status} with something that is not OSS's`;
  return badAnswer("server", request, response, problem, { hint: somebodyElse });
}

/** The answer was good as far as it went, but the service does not have what it says. */
export function notThere(request: OssRequest, response: HttpResponse): UploadError {
  const problem = `was answered ${response.status}, but the service does not have what was sent`;
  return badAnswer("server", request, response, problem, { hint: somebodyElse });
}

/** The part is stored, but nothing that the page may read says under which ETag. */
export function hiddenETag(request: OssRequest, response: HttpResponse): UploadError {
  return badAnswer("misconfigured", request, response, "was stored, but the page may not read its ETag", {
    hint: `The bucket's CORS rule has to expose it, or oss:ListParts be granted. The rule to add:\n${corsRule()}`,
  });
}

/** Complete was told a name that is ours, and the service knows the part by another one, or has no such part. */
export function withOwnNames(error: UploadError): UploadError {
  return error.with({
    hint: `Parts were named by their MD5, because the page may read no ETag and list no parts. The rule to add:\n${corsRule()}`,
  });
}

function badAnswer(
  code: UploadErrorCode,
  request: OssRequest,
  { status, headers }: HttpResponse,
  problem: string,
  details: UploadErrorDetails = {},
): UploadError {
  const { action, partNumber } = request;
  const requestId = headers["x-oss-request-id"];
  return new UploadError(code, `${describe(request)} ${problem}`, {
    action,
    partNumber,
    status,
    requestId,
    ...details,
  });
}
