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
  /** Milliseconds from the last byte sent to the answer. */
  readonly answerTimeoutMs: number;
  /** What the service's answer looks like if all is well. */
  readonly good: GoodAnswer;
  /** True if the refusal only says that the thing asked for does not exist, which is a result and no failure. */
  readonly isAbsence?: (refusal: UploadError) => boolean;
}
