/** A sign handler to ask, and valid requests for tests to spoil. */

import { createSignHandler, type SignHandlerOptions } from "../../src/server/index.js";
import type { SignableRequest, SignedRequest } from "../../src/store/bucket/signable-request.js";

export const bucket = "user-files";
export const region = "cn-hangzhou";
export const keys = { accessKeyId: "id", accessKeySecret: "secret" };
export const everything: NonNullable<SignHandlerOptions["allow"]> = ["acl", "callback", "kms-key", "storage-class"];

export interface Outcome {
  readonly status: number;
  readonly error: string | undefined;
  readonly seen: readonly SignableRequest[];
  readonly urls: readonly string[];
  readonly signed: readonly SignedRequest[];
}

export async function ask(batch: unknown, options: Partial<SignHandlerOptions> = {}): Promise<Outcome> {
  let seen: readonly SignableRequest[] = [];
  const handler = createSignHandler({
    ...{ region, bucket, endpoint: "http://localhost:9000", addressing: "path", credentials: keys },
    authorize: (_, requests) => {
      seen = structuredClone(requests) as readonly SignableRequest[];
      return true;
    },
    ...options,
  });
  const body = typeof batch === "string" ? batch : JSON.stringify(batch);
  const response = await handler(new Request("https://app.example/sign", { method: "POST", body }));
  const answer = (await response.json()) as { error?: string } & SignedRequest[];
  const signed = Array.isArray(answer) ? answer : [];
  return { status: response.status, error: answer.error, seen, signed, urls: signed.map(({ url }) => url) };
}

export const part: SignableRequest = {
  action: "UploadPart",
  method: "PUT",
  bucket,
  key: "videos/1/a.mp4",
  query: { partNumber: "1", uploadId: "0123456789ABCDEF" },
  headers: {},
};
export const put: SignableRequest = { ...part, action: "PutObject", query: {} };
export const post: SignableRequest = {
  ...put,
  action: "PostObject",
  method: "POST",
  headers: { "content-type": "text/plain", "content-length": "5" },
};
export const list: SignableRequest = { ...part, action: "ListParts", method: "GET", query: { uploadId: "U" } };
export const initiate: SignableRequest = {
  ...part,
  action: "InitiateMultipartUpload",
  method: "POST",
  query: { uploads: "" },
};
export const complete: SignableRequest = {
  ...part,
  action: "CompleteMultipartUpload",
  method: "POST",
  query: { uploadId: "U" },
};
