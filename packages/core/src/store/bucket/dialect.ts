/**
 * What the files of this folder need to know of a dialect: its names for errors, headers and rights. A dialect passes them a value of this
 * type, and has requests and signatures of its own. Types only.
 */
import type { StoreAction } from "../../api/trace.js";
import type { UploadErrorCode } from "../../errors.js";
import type { ByteWorkers, HttpResponse, XmlValue } from "../../workers/byte-workers.js";

export interface Dialect {
  /** The service's name, for messages: "OSS". */
  readonly service: string;
  /** What the app called to get the store, for messages: "ossStore()". */
  readonly adapter: string;
  /** The header with the request id, in lower case. Only the service writes it. */
  readonly requestIdHeader: string;
  /** The right that each call needs, as the service names it. */
  readonly permissions: Readonly<Record<StoreAction, string>>;
  /** A whole CORS rule for this page, ready to copy. */
  corsRule(): string;
  /** @returns a sentence, with a space before it, on what the host's name suggests if no request was ever answered; "" if nothing */
  hintForHost(hostname: string, bucket: string): string;
  /** How to grant rights, as a sentence without its full stop. @param rights one, or a list such as "A, B and C" */
  grant(rights: string, bucket: string): string;
  /** Reads the error document of an answer that has it outside its body, as answers to HEAD must; undefined if there is none. */
  documentBeside(response: HttpResponse, workers: Pick<ByteWorkers, "parseXml">): Promise<XmlValue | undefined>;
  /** Reads what only this service says in a refusal. @param error the content of the error document */
  detailsOf(error: XmlValue | undefined, headers: HttpResponse["headers"]): RefusalDetails;
  /** What each of the service's error codes means. */
  readonly codes: Readonly<Record<string, UploadErrorCode>>;
  /** For refusals whose meaning is not in the code alone. Decides before `codes`. */
  codeBeside(refusal: Refusal): UploadErrorCode | undefined;
  /** Was it refused because a clock is wrong, or a signed URL has expired? */
  isAboutTime(refusal: Refusal): boolean;
  /** May the refusal be an accident, so that one more attempt with the same key makes sense? */
  mayBeSpurious(refusal: Refusal): boolean;
  /** Does a request with these headers ask for a callback? Then 203 means that the callback failed. */
  asksForCallback(headers: Readonly<Record<string, string>>): boolean;
  /** What the developer should change, in one or two sentences. */
  hintFor(code: UploadErrorCode, asked: Asked, refusal: Refusal): string | undefined;
}

/** What only some services say in a refusal. */
export interface RefusalDetails {
  /** The finer error code of OSS. */
  readonly ec?: string | undefined;
  /** The service's time, milliseconds since the epoch. */
  readonly serverTimeMs?: number | undefined;
  /** The bucket's own endpoint, if the request went to another one. */
  readonly endpoint?: string | undefined;
  /** The right that was not granted. */
  readonly missingPermission?: string | undefined;
  /** Milliseconds until the request may be repeated, if the service says so by another header than Retry-After. */
  readonly delayMs?: number | undefined;
}

/** What a refusal says, in its document and in its headers. */
export interface Refusal extends RefusalDetails {
  readonly status: number;
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly requestId: string | undefined;
  readonly hostId: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** True if the service did not write it, but a proxy, a gateway, a captive portal or a service worker. */
  readonly foreign: boolean;
}

/** What the request asked for, to name it in errors. */
export interface Asked {
  readonly action: StoreAction;
  readonly bucket: string;
  readonly key: string;
  readonly partNumber?: number | undefined;
  /** True if the request names a multipart upload. */
  readonly ofUpload?: boolean;
  /** True if it asks for a callback. */
  readonly withCallback?: boolean;
  /** The host name that was asked. */
  readonly hostname?: string;
}
