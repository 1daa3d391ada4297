/** One request to a bucket, before it is signed. Types only. */

import type { UploadError } from "../../errors.js";
import type { Asked } from "./dialect.js";
import type { GoodAnswer } from "./good-answer.js";
import type { SignableRequest } from "./signable-request.js";

export interface BucketRequest {
  readonly action: Asked["action"];
  readonly key: string;
  readonly partNumber?: number;
  readonly method: SignableRequest["method"];
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Blob | Uint8Array<ArrayBuffer>;
  readonly answerTimeoutMs: number;
  readonly good: GoodAnswer;
  /** A refusal that is an answer like others: what was asked about is not there. */
  readonly isAbsence?: (refusal: UploadError) => boolean;
}
