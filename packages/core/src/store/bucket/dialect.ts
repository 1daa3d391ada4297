/**
 * What the files of this folder are told of a dialect: its words for errors, headers and rights. A dialect is a value of this
 * type beside its own requests and signatures. Types only.
 */
import type { StoreAction } from "../../api/trace.js";
import type { UploadErrorCode } from "../../errors.js";
import type { ByteWorkers, HttpResponse, XmlValue } from "../../workers/byte-workers.js";

export interface Dialect {
  /** The service in a sentence: "OSS". */
  readonly service: string;
  /** What the app called to get the store, in a sentence: "ossStore()". */
  readonly adapter: string;
  /** Lower case: the header that names a request, and that only the service writes. */
  readonly requestIdHeader: string;
  /** The right that each call needs, as the service names it. */
  readonly permissions: Readonly<Record<StoreAction, string>>;
  /** A whole CORS rule for this page, ready to be copied. */
  corsRule(): string;
  /** " What this host tells, to be tried where no request was ever answered."; "" where it tells nothing. */
  hintForHost(hostname: string, bucket: string): string;
  /** How rights are granted, in a sentence without its full stop. @param rights one or several, listed */
  grant(rights: string, bucket: string): string;
  /** The error document of an answer that has it elsewhere than in its body, as HEAD has to. */
  documentBeside(response: HttpResponse, workers: Pick<ByteWorkers, "parseXml">): Promise<XmlValue | undefined>;
  /** What a refusal says beyond what every service of the kind says. @param error the content of the error document */
  detailsOf(error: XmlValue | undefined, headers: HttpResponse["headers"]): RefusalDetails;
  /** What the service's codes mean. */
  readonly codes: Readonly<Record<string, UploadErrorCode>>;
  /** What is said by more than the code; it comes before `codes`. */
  codeBeside(refusal: Refusal): UploadErrorCode | undefined;
  /** A clock that is wrong, or a signed URL that came too late? */
  isAboutTime(refusal: Refusal): boolean;
  /** May it be an accident, so that one more try with the same key is worth it? */
  mayBeSpurious(refusal: Refusal): boolean;
  /** Did the request ask for a callback? A 203 is a failed one then. */
  asksForCallback(headers: Readonly<Record<string, string>>): boolean;
  /** What to change, in one sentence. */
  hintFor(code: UploadErrorCode, asked: Asked, refusal: Refusal): string | undefined;
}

/** What only some services say of a refusal. */
export interface RefusalDetails {
  readonly ec?: string | undefined;
  /** The service's time, milliseconds since the epoch. */
  readonly serverTimeMs?: number | undefined;
  /** Where the bucket really is, when it was asked for at the wrong place. */
  readonly endpoint?: string | undefined;
  /** The right that was not granted. */
  readonly missingPermission?: string | undefined;
  /** How long the service wants to be left alone, where another header than Retry-After says so. */
  readonly delayMs?: number | undefined;
}

/** What the service said, from wherever it said it. */
export interface Refusal extends RefusalDetails {
  readonly status: number;
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly requestId: string | undefined;
  readonly hostId: string | undefined;
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
