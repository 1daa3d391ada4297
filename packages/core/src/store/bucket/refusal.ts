/** Says what a refusal means, by the dialect's tables. Pure, except that a worker parses the XML. */

import { UploadError, type UploadErrorCode } from "../../errors.js";
import type { ByteWorkers, HttpResponse } from "../../workers/byte-workers.js";
import { errorIn, readErrorDocument, wholeNumber } from "./answers.js";
import type { Cure } from "./cure.js";
import type { Asked, Dialect, Refusal } from "./dialect.js";
import { isRefusalOfAnother, limitOnTheWay, somebodyElse } from "./good-answer.js";

/** @param nowMs the service's time, milliseconds since the epoch, for a Retry-After that is a date */
export async function readRefusal(
  dialect: Dialect,
  response: HttpResponse,
  workers: Pick<ByteWorkers, "parseXml">,
  nowMs: number,
): Promise<Refusal> {
  const { status, headers, xml } = response;
  const document = errorIn(xml) === undefined ? await dialect.documentBeside(response, workers) : xml;
  const said = readErrorDocument(document);
  const details = dialect.detailsOf(errorIn(document), headers);
  return {
    ...details,
    status,
    code: said?.code,
    message: said?.message,
    requestId: headers[dialect.requestIdHeader] ?? said?.requestId,
    hostId: said?.hostId,
    serverTimeMs: details.serverTimeMs ?? dateOf(headers.date),
    retryAfterMs: details.delayMs ?? retryAfter(headers["retry-after"], nowMs),
    foreign: said?.code === undefined && isRefusalOfAnother(dialect, response),
  };
}

/** What a 4xx without an error code means. Bodies are readable under any CORS rule, but answers to HEAD have none. */
const silentStatuses: Readonly<Record<number, UploadErrorCode>> = {
  401: "credentials",
  403: "forbidden",
  408: "server",
  429: "throttled",
};

const plausibleTimeMs = Date.UTC(2020, 0, 1);

/** Only something on the way answers so: the service names the sizes that it takes, and nothing larger is sent. */
const tooLargeStatus = 413;

/** Refusals of a proxy or gateway that would be the same the next time. */
const finalForeignStatuses: ReadonlySet<number> = new Set([tooLargeStatus, 414, 431]);

export function codeOf(
  dialect: Dialect,
  refusal: Refusal,
  asked: Partial<Pick<Asked, "action" | "ofUpload" | "withCallback">> = {},
): UploadErrorCode {
  const { status, code = "", foreign } = refusal;
  const known = Object.hasOwn(dialect.codes, code) ? dialect.codes[code] : undefined;
  // Whatever its code is: apart from the bucket, only the upload can be missing.
  if (status === 404 && asked.ofUpload && !foreign && known !== "not-found") return "upload-gone";
  if (dialect.isAboutTime(refusal)) return "credentials";
  const decided = dialect.codeBeside(refusal) ?? known;
  if (decided !== undefined) return decided;
  // The service uses 203 for nothing else. A proxy uses it to say that it has changed an answer.
  if (status === 203 && asked.withCallback && !foreign) return "callback-failed";
  if (status === 429) return "throttled";
  // A 503 that says when to come back is about load, whatever its code is.
  if (status === 503 && refusal.retryAfterMs !== undefined) return "throttled";
  if (status < 400 || status >= 500) return "server";
  if (code !== "") return "rejected";
  // The service sends a document with a 404, except in answer to HEAD.
  if (status === 404 && asked.action !== "HeadObject") return "server";
  if (foreign) return finalForeignStatuses.has(status) ? "rejected" : "server";
  return silentStatuses[status] ?? "rejected";
}

/** @param cure if a signature was refused: when the call may be repeated */
export function errorFor(dialect: Dialect, asked: Asked, refusal: Refusal, cure?: Cure): UploadError {
  const { partNumber } = asked;
  const { status, code: serverCode, requestId, hostId, ec, retryAfterMs } = refusal;
  const code = codeOf(dialect, refusal, asked);
  // A request may need several rights, for example for tags. If the service does not name the missing one, the error names the usual one.
  const permission = refusal.missingPermission ?? dialect.permissions[asked.action];
  const action = code === "forbidden" ? permission : asked.action;
  const words = refusal.message === undefined || refusal.message === "" ? "" : `: ${refusal.message}`;
  const said = serverCode ?? (refusal.foreign ? `with a body that is not ${dialect.service}'s` : "without a word");
  return new UploadError(code, `${describe(asked)} was answered ${status} ${said}${words}`, {
    ...{ action, partNumber, status, serverCode, requestId, hostId, ec, retryAfterMs },
    ...(cure !== undefined && { temporary: cure !== "final", again: cure === "final" ? undefined : cure }),
    ...(status === tooLargeStatus && { tooLarge: "refused" }),
    hint: dialect.hintFor(code, asked, refusal) ?? hintAboutOthers(code, refusal),
  });
}

/** The service itself never answers so, or never without an error code. */
function hintAboutOthers(code: UploadErrorCode, refusal: Refusal): string | undefined {
  if (refusal.status === tooLargeStatus) return limitOnTheWay;
  return refusal.foreign || (code === "server" && refusal.code === undefined) ? somebodyElse : undefined;
}

/** `UploadPart 3 of "videos/a.mp4"` */
export function describe({ action, key, partNumber }: Pick<Asked, "action" | "key" | "partNumber">): string {
  return `${action}${partNumber === undefined ? "" : ` ${partNumber}`} of ${JSON.stringify(key)}`;
}

function retryAfter(given: string | undefined, nowMs: number): number | undefined {
  const seconds = wholeNumber(given);
  if (seconds !== undefined) return seconds * 1000;
  const at = Date.parse(given ?? "");
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

/** @returns milliseconds since the epoch; undefined before 2020, because appliances on the way have been seen to write 1970 */
export function dateOf(header: string | undefined): number | undefined {
  const at = Date.parse(header ?? "");
  return at >= plausibleTimeMs ? at : undefined;
}
