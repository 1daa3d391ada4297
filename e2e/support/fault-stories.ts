/** What can go wrong with a request, and what the library must make of it. */
import type { Fault, FaultName } from "@ossicle/oss-emulator";
import type { UploadErrorCode } from "../../packages/core/src/index.js";

export const actions = ["InitiateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "PutObject"] as const;
export type Action = (typeof actions)[number];

export interface Story {
  readonly fault: Fault | FaultName;
  /** What the first attempt ends with; for an action that is not named, as if nothing had happened. */
  readonly says: Readonly<Partial<Record<Action, UploadErrorCode>>>;
  /** Requests that it cannot befall, as they have no body. */
  readonly spares?: readonly Action[];
  /** Initiate took effect and is repeated: the first upload's id, which nobody knows, stays for the lifecycle rule. */
  readonly orphan?: boolean;
  /** What it does concerns every later request, so only one upload at a time can tell what it met. */
  readonly oneByOne?: boolean;
}

const always = (code: UploadErrorCode): Story["says"] => ({
  InitiateMultipartUpload: code,
  UploadPart: code,
  CompleteMultipartUpload: code,
  PutObject: code,
});
const withBody = (code: UploadErrorCode): Pick<Story, "says" | "spares"> => ({
  says: { UploadPart: code, CompleteMultipartUpload: code, PutObject: code },
  spares: ["InitiateMultipartUpload"],
});
// A bit of the part list is not a bit of the file: the service finds no such part.
const damaged = { ...withBody("corrupted").says, CompleteMultipartUpload: "rejected" } as const;
const internalError = { kind: "error", status: 500, code: "InternalError" } as const;

/** "A request that …" */
export const stories: Readonly<Record<string, Story>> = {
  "is refused a connection": { fault: "refuse", says: always("network") },
  "is reset before its body": { fault: { kind: "reset", when: "before-body" }, says: always("network") },
  "is reset in the middle of its body": { fault: "reset", says: always("network") },
  "is reset after its body": { fault: { kind: "reset", when: "after-body" }, says: always("network") },
  "takes effect but loses its answer": { fault: "lose-answer", says: always("network"), orphan: true },
  "takes effect but gets half an answer": {
    fault: "truncate-answer",
    says: { InitiateMultipartUpload: "server" },
    orphan: true,
  },
  "is damaged behind the check of Content-MD5": {
    ...withBody("corrupted"),
    fault: { kind: "corrupt", what: "stored" },
    says: damaged,
  },
  "is damaged before the check of Content-MD5": {
    ...withBody("corrupted"),
    fault: { kind: "corrupt", what: "received" },
    says: damaged,
  },
  "is answered with another ETag": {
    fault: "wrong-etag",
    says: { UploadPart: "corrupted", PutObject: "corrupted" },
  },
  "is told to slow down": { fault: { kind: "slow-down", delayMs: 20 }, says: always("throttled") },
  "is answered 500": { fault: internalError, says: always("server") },
  "is answered 500 although it took effect": {
    fault: { ...internalError, effect: true },
    says: always("server"),
    orphan: true,
  },
  "is answered by a proxy": { fault: "html", says: always("server") },
  "is answered by a proxy without CORS headers": { fault: { kind: "html", cors: false }, says: always("network") },
  "is too slow for the service": { fault: "request-timeout", ...withBody("server") },
  "is signed with a token that expires": { fault: "expire-token", says: always("credentials"), oneByOne: true },
  "is signed with a token that becomes unknown": {
    fault: { kind: "expire-token", as: "InvalidAccessKeyId" },
    says: always("credentials"),
    oneByOne: true,
  },
  "finds its upload gone": {
    fault: "gone",
    says: { UploadPart: "upload-gone", CompleteMultipartUpload: "upload-gone" },
  },
};
