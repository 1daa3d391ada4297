/** What `fault-stories.ts` says of several requests at once, and why some faults cannot befall some of them. */
import type { UploadErrorCode } from "../../packages/core/src/index.js";
import { actions, type Meets, Spared, type Story } from "./fault-story.js";

/** The same of every request. */
export function all(meets: Meets): Story["says"] {
  return Object.fromEntries(actions.map((action) => [action, meets])) as Story["says"];
}

const noBody = new Spared("it has no body");

/** Of the requests that have a body. */
export function withBody(meets: UploadErrorCode | null): Story["says"] {
  return { ...all(noBody), UploadPart: meets, CompleteMultipartUpload: meets, PutObject: meets };
}

export const noUpload = new Spared("it is about no upload that is under way");
export const noDocument = new Spared("the answer to it is headers alone");
export const noETag = new Spared("no ETag is in the headers of its answer");
export const believed = new Spared("what it says of the object is believed, and ends the upload");
export const noCallback = new Spared("the service calls back where an object comes to be");
export const noBytes = new Spared("it stores no bytes");
export const notRefused = new Spared(
  "nothing refuses the requests of these uploads: refusals.spec.ts has those that are",
);
