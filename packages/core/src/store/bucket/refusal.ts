/** An answer that is not what was asked for → what it means, by tables. Pure but for the hands that parse XML. */

import type { StoreAction } from "../../api/trace.js";
import { UploadError, type UploadErrorCode } from "../../errors.js";
import type { ByteWorkers, HttpResponse } from "../../workers/byte-workers.js";
import { type ErrorDocument, readErrorDocument, wholeNumber } from "./answers.js";
import { isRefusalOfAnother, somebodyElse } from "./good-answer.js";

/** What the service said, from wherever it said it. */
export interface Refusal extends ErrorDocument {
  readonly status: number;
  readonly retryAfterMs: number | undefined;
  /** Somebody else wrote it: a proxy, a gateway, a captive portal, a service worker. */
  readonly foreign: boolean;
}

/** What was asked, to name it in the error. */
export interface Asked {
  readonly action: StoreAction;
  readonly bucket: string;
  readonly key: string;
  readonly partNumber?: number | undefined;
  /** The request names a multipart upload. */
  readonly ofUpload?: boolean;
  /** It asked for a callback. */
  readonly withCallback?: boolean;
}

/** @param nowMs the service's time, for a Retry-After that is a date */
export async function readRefusal(
  response: HttpResponse,
  workers: Pick<ByteWorkers, "parseXml">,
  nowMs: number,
): Promise<Refusal> {
  const { status, headers } = response;
  const inBody = readErrorDocument(response.xml);
  const document = inBody ?? (await readErrorHeader(headers["x-oss-err"], workers));
  return {
    status,
    code: document?.code,
    message: document?.message,
    requestId: headers["x-oss-request-id"] ?? document?.requestId,
    hostId: document?.hostId,
    ec: headers["x-oss-ec"] ?? document?.ec,
    serverTimeMs: document?.serverTimeMs ?? dateOf(headers.date),
    endpoint: document?.endpoint,
    missingPermission: document?.missingPermission,
    retryAfterMs: retryAfter(headers, nowMs),
    foreign: document?.code === undefined && isRefusalOfAnother(response),
  };
}

const codes: Readonly<Record<string, UploadErrorCode>> = {
  NoSuchUpload: "upload-gone",
  NoSuchBucket: "not-found",
  FileAlreadyExists: "already-exists",
  InvalidDigest: "corrupted",
  RequestTimeout: "server",
  InternalError: "server",
  CallbackFailed: "callback-failed",
  AccessDenied: "forbidden",
  AccessForbidden: "forbidden",
  SecondLevelDomainForbidden: "misconfigured",
  PermanentRedirect: "misconfigured",
  SignatureDoesNotMatch: "credentials",
  InvalidAccessKeyId: "credentials",
  SecurityTokenExpired: "credentials",
  InvalidSecurityToken: "credentials",
  SecurityTokenNotSupported: "credentials",
  AccessKeyIdAndSecurityTokenNotMatch: "credentials",
  RequestTimeTooSkewed: "credentials",
};

/** What a 4xx without a word of the service means. Bodies are readable under any CORS rule; answers to HEAD have none. */
const silentStatuses: Readonly<Record<number, UploadErrorCode>> = {
  401: "credentials",
  403: "forbidden",
  408: "server",
  429: "throttled",
};

const plausibleTimeMs = Date.UTC(2020, 0, 1);

/** Refusals of a proxy or gateway in the way that will not change. */
const finalForeignStatuses: ReadonlySet<number> = new Set([413, 414, 431]);

export function codeOf(
  refusal: Refusal,
  asked: Partial<Pick<Asked, "action" | "ofUpload" | "withCallback">> = {},
): UploadErrorCode {
  const { status, code = "", message = "", foreign } = refusal;
  // Whatever it is called: there is nothing else that could be missing.
  if (status === 404 && asked.ofUpload && !foreign && code !== "NoSuchBucket") return "upload-gone";
  if (isAboutTime(refusal)) return "credentials";
  if (code === "AccessDenied" && /must be addressed using the specified endpoint/i.test(message))
    return "misconfigured";
  if (/Limit(Exceeded)?$/.test(code) && status === 503) return "throttled";
  const known = codes[code];
  if (known !== undefined) return known;
  // The service's only use of it, and a proxy's way to say that it has changed an answer.
  if (status === 203 && asked.withCallback && !foreign) return "callback-failed";
  if (status === 429) return "throttled";
  // A 503 that says when to come back is about load, whatever it is called.
  if (status === 503 && refusal.retryAfterMs !== undefined) return "throttled";
  if (status < 400 || status >= 500) return "server";
  if (code !== "") return "rejected";
  // The service sends a document with it, but to HEAD, which has no body.
  if (status === 404 && asked.action !== "HeadObject") return "server";
  if (foreign) return finalForeignStatuses.has(status) ? "rejected" : "server";
  return silentStatuses[status] ?? "rejected";
}

/** Clock skew under either signature version, or a signed URL that came too late. */
export function isAboutTime({ code, message = "" }: ErrorDocument): boolean {
  return (
    code === "RequestTimeTooSkewed" ||
    (code === "InvalidArgument" && /invalid signing date/i.test(message)) ||
    (code === "AccessDenied" && /request has expired/i.test(message))
  );
}

/** A bit that flipped on the way looks like this, and a clock that was just set: worth one more try with the same key. */
export function mayBeSpurious({ code }: ErrorDocument): boolean {
  return code === "SignatureDoesNotMatch" || code === "RequestTimeTooSkewed";
}

/** @param temporary overrides what the code says */
export function errorFor(asked: Asked, refusal: Refusal, temporary?: boolean): UploadError {
  const { partNumber } = asked;
  const { status, code: serverCode, requestId, hostId, ec, retryAfterMs } = refusal;
  const code = codeOf(refusal, asked);
  const action = code === "forbidden" ? permissionFor(asked, refusal) : asked.action;
  const words = refusal.message === undefined || refusal.message === "" ? "" : `: ${refusal.message}`;
  const said = serverCode ?? (refusal.foreign ? "with a body that is not OSS's" : "without a word");
  return new UploadError(code, `${describe(asked)} was answered ${status} ${said}${words}`, {
    ...{ action, partNumber, status, serverCode, requestId, hostId, ec, retryAfterMs, temporary },
    hint: hintFor(code, asked, refusal),
  });
}

/** `UploadPart 3 of "videos/a.mp4"` */
export function describe({ action, key, partNumber }: Omit<Asked, "bucket">): string {
  return `${action}${partNumber === undefined ? "" : ` ${partNumber}`} of ${JSON.stringify(key)}`;
}

/** The RAM action that allows a call. */
export const permissions: Readonly<Record<StoreAction, string>> = {
  PutObject: "oss:PutObject",
  InitiateMultipartUpload: "oss:PutObject",
  UploadPart: "oss:PutObject",
  CompleteMultipartUpload: "oss:PutObject",
  ListParts: "oss:ListParts",
  AbortMultipartUpload: "oss:AbortMultipartUpload",
  HeadObject: "oss:GetObject",
};

/** A request may need several, for tags say; without a word of the service the one that it always needs is named. */
function permissionFor({ action }: Asked, { missingPermission }: Refusal): string {
  return missingPermission ?? permissions[action];
}

function othersToo({ missingPermission }: Refusal): string {
  return missingPermission === undefined
    ? "; tags and an ACL need oss:PutObjectTagging and oss:PutObjectAcl as well"
    : "";
}

function hintFor(code: UploadErrorCode, asked: Asked, refusal: Refusal): string | undefined {
  switch (code) {
    case "forbidden":
      return `Grant ${permissionFor(asked, refusal)} on acs:oss:*:*:${asked.bucket}/* to whoever signs${othersToo(refusal)}.`;
    case "not-found":
      return `Is there a bucket "${asked.bucket}" at this endpoint?`;
    case "misconfigured":
      return refusal.endpoint === undefined
        ? "Pass the bucket's own endpoint, or the custom domain that is bound to it, as `endpoint` of ossStore()."
        : `The bucket is at ${refusal.endpoint}: pass that as \`endpoint\` of ossStore(), and its region.`;
    case "credentials":
      return isAboutTime(refusal)
        ? "Whoever signed has a clock that is wrong by more than 15 minutes, or a signed URL came too late. A page corrects itself by what the answer says; its Date header has to be in ExposeHeader."
        : "Look at what `credentials` or `signer` of ossStore() gives: key, secret, token and their expiration.";
    case "callback-failed":
      return "The object is stored. The application server named in `callback` did not answer 200 with JSON in 5 seconds.";
    default:
      // The service has no answer of that kind without a word.
      return refusal.foreign || (code === "server" && refusal.code === undefined) ? somebodyElse : undefined;
  }
}

function retryAfter(headers: HttpResponse["headers"], nowMs: number): number | undefined {
  const delayMs = wholeNumber(headers["x-oss-qos-delay-time"]);
  if (delayMs !== undefined) return delayMs;
  const given = headers["retry-after"];
  const seconds = wholeNumber(given);
  if (seconds !== undefined) return seconds * 1000;
  const at = Date.parse(given ?? "");
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

/** A Date header is the second choice: it may be hidden, and appliances on the way have been seen to write 1970. */
export function dateOf(header: string | undefined): number | undefined {
  const at = Date.parse(header ?? "");
  return at >= plausibleTimeMs ? at : undefined;
}

/** HEAD has no body: the document is base64 in a header. */
async function readErrorHeader(
  header: string | undefined,
  workers: Pick<ByteWorkers, "parseXml">,
): Promise<ErrorDocument | undefined> {
  const xml = header === undefined ? undefined : fromBase64(header);
  return xml === undefined ? undefined : readErrorDocument(await workers.parseXml(xml));
}

function fromBase64(text: string): string | undefined {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
  } catch {
    return undefined;
  }
}
