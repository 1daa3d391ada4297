/**
 * What can go wrong with a request, and what the library must make of it: each word of the emulator's vocabulary, in each of its
 * manners, for each request of an upload. The compiler demands a line for every pair: what grows there grows here.
 */
import type { FaultOf, Manner } from "./fault-manners.js";
import {
  all,
  believed,
  noBytes,
  noCallback,
  noDocument,
  noETag,
  notRefused,
  noUpload,
  withBody,
} from "./fault-says.js";
import type { Story } from "./fault-story.js";

// A bit of the part list is not a bit of the file: the service finds no such part.
const damaged = { ...withBody("corrupted"), CompleteMultipartUpload: "rejected" } as const;
const internalError = { kind: "error", status: 500, code: "InternalError" } as const;
const hour = 3_600_000;

export const stories: { readonly [M in Manner]: Story<FaultOf<M>> } = {
  refuse: { what: "is refused a connection", fault: { kind: "refuse" }, says: all("network") },
  "reset before-body": {
    what: "is reset before its body",
    fault: { kind: "reset", when: "before-body" },
    says: all("network"),
  },
  "reset in-body": {
    what: "is reset in the middle of its body",
    fault: { kind: "reset", when: "in-body" },
    says: withBody("network"),
  },
  "reset after-body": {
    what: "is reset after its body",
    fault: { kind: "reset", when: "after-body" },
    says: all("network"),
  },
  "lose-answer": {
    what: "takes effect but loses its answer",
    fault: { kind: "lose-answer" },
    says: all("network"),
    orphan: true,
  },
  "truncate-answer": {
    what: "takes effect but gets half an answer",
    fault: { kind: "truncate-answer" },
    says: {
      InitiateMultipartUpload: "server",
      ListParts: "server",
      // The headers say what the object is.
      CompleteMultipartUpload: null,
      UploadPart: noDocument,
      PutObject: noDocument,
      HeadObject: noDocument,
      AbortMultipartUpload: noDocument,
    },
    orphan: true,
  },
  "corrupt stored": {
    what: "is damaged behind the check of Content-MD5",
    fault: { kind: "corrupt", what: "stored" },
    says: damaged,
  },
  "corrupt received": {
    what: "is damaged before the check of Content-MD5",
    fault: { kind: "corrupt", what: "received" },
    says: damaged,
  },
  "wrong-etag": {
    what: "is answered with the names of other bytes",
    fault: { kind: "wrong-etag" },
    says: {
      UploadPart: "corrupted",
      PutObject: "corrupted",
      CompleteMultipartUpload: believed,
      HeadObject: believed,
      InitiateMultipartUpload: noETag,
      ListParts: noETag,
      AbortMultipartUpload: noETag,
    },
  },
  "opaque-etag": {
    what: "is stored under an ETag that is no MD5",
    fault: { kind: "opaque-etag" },
    says: {
      // The CRC-64 decides, and Complete is told the names that the service gave.
      UploadPart: null,
      PutObject: null,
      CompleteMultipartUpload: noBytes,
      InitiateMultipartUpload: noBytes,
      ListParts: noBytes,
      HeadObject: noBytes,
      AbortMultipartUpload: noBytes,
    },
  },
  "slow-down": { what: "is told to slow down", fault: { kind: "slow-down", delayMs: 20 }, says: all("throttled") },
  error: { what: "is answered 500", fault: internalError, says: all("server") },
  "error effect": {
    what: "is answered 500 although it took effect",
    fault: { ...internalError, effect: true },
    says: all("server"),
    orphan: true,
  },
  "error cors": {
    what: "is answered 500 without CORS headers",
    fault: { ...internalError, cors: false },
    says: all("network"),
  },
  stranger: { what: "is answered by somebody in between", fault: { kind: "stranger" }, says: all("server") },
  "stranger effect": {
    what: "takes effect, and is answered by somebody in between",
    fault: { kind: "stranger", effect: true },
    // The part is in the listing, the object is seen by HEAD.
    says: { ...all("server"), UploadPart: null, PutObject: null },
    orphan: true,
  },
  "stranger cors": {
    what: "is answered by somebody in between whom the page cannot hear",
    fault: { kind: "stranger", cors: false },
    says: all("network"),
  },
  "without-cors": {
    what: "takes effect, and gets an answer that the page cannot read",
    fault: { kind: "without-cors" },
    says: all("network"),
    orphan: true,
  },
  "without-cors refusals": {
    what: "would get a refusal that the page cannot read",
    fault: { kind: "without-cors", refusals: true },
    says: all(notRefused),
  },
  html: { what: "is answered by a proxy", fault: { kind: "html" }, says: all("server") },
  "html effect": {
    what: "is answered by a proxy although it took effect",
    fault: { kind: "html", effect: true },
    says: all("server"),
    orphan: true,
  },
  "html cors": {
    what: "is answered by a proxy without CORS headers",
    fault: { kind: "html", cors: false },
    says: all("network"),
  },
  "request-timeout": {
    what: "is too slow for the service",
    fault: { kind: "request-timeout" },
    says: withBody("server"),
  },
  "expire-token SecurityTokenExpired": {
    what: "is signed with a token that expires",
    fault: { kind: "expire-token", as: "SecurityTokenExpired" },
    says: all("credentials"),
    oneByOne: true,
  },
  "expire-token InvalidAccessKeyId": {
    what: "is signed with a token that becomes unknown",
    fault: { kind: "expire-token", as: "InvalidAccessKeyId" },
    says: all("credentials"),
    oneByOne: true,
  },
  "clock-skew": {
    what: "finds that the service has another time of day",
    fault: (turn) => ({ kind: "clock-skew", ms: (turn + 1) * hour }),
    says: all("credentials"),
    oneByOne: true,
  },
  gone: {
    what: "finds its upload gone",
    fault: { kind: "gone" },
    says: {
      ...all("upload-gone"),
      AbortMultipartUpload: null,
      InitiateMultipartUpload: noUpload,
      PutObject: noUpload,
      HeadObject: noUpload,
    },
  },
  "callback-failed": {
    what: "makes an object that the application server cannot be told of",
    fault: { kind: "callback-failed" },
    says: {
      CompleteMultipartUpload: "callback-failed",
      PutObject: "callback-failed",
      InitiateMultipartUpload: noCallback,
      UploadPart: noCallback,
      ListParts: noCallback,
      HeadObject: noCallback,
      AbortMultipartUpload: noCallback,
    },
    ends: "with the object, and an error",
  },
  "delay before-body": { what: "is read late", fault: { kind: "delay", when: "before-body", ms: 50 }, says: all(null) },
  "delay before-effect": {
    what: "takes effect late",
    fault: { kind: "delay", when: "before-effect", ms: 50 },
    says: all(null),
  },
  "delay before-answer": {
    what: "is answered late",
    fault: { kind: "delay", when: "before-answer", ms: 50 },
    says: all(null),
  },
  throttle: { what: "goes slowly, both ways", fault: { kind: "throttle", bytesPerSecond: 400_000 }, says: all(null) },
  "stall before-body": {
    what: "is not read for a while",
    fault: { kind: "stall", when: "before-body" },
    says: all(null),
    ends: "when it is let go",
  },
  "stall in-body": {
    what: "is half read, and then not for a while",
    fault: { kind: "stall", when: "in-body" },
    says: withBody(null),
    ends: "when it is let go",
  },
  "stall before-answer": {
    what: "nobody answers for a while",
    fault: { kind: "stall", when: "before-answer" },
    says: all(null),
    ends: "when it is let go",
  },
  "hold before-effect": {
    what: "does not take effect for a while",
    fault: { kind: "hold", when: "before-effect" },
    says: all(null),
    ends: "when it is let go",
  },
  "hold before-answer": {
    what: "takes effect, and is not answered for a while",
    fault: { kind: "hold", when: "before-answer" },
    says: all(null),
    ends: "when it is let go",
  },
};
