/** One bucket to try things on, and a list of what was left there, so that it can be cleaned up whatever happens. */
import { randomBytes } from "node:crypto";
import { knownFields } from "../../packages/core/src/server/kept-away.js";
import type {
  CallOptions,
  MultipartUpload,
  ObjectStore,
  ObjectTarget,
  StoredPart,
} from "../../packages/core/src/store/object-store.js";
import { ossPlace } from "../../packages/core/src/store/oss/addressing.js";
import type { OssStoreOptions, PlaceOptions } from "../../packages/core/src/store/oss/oss-options.js";
import { connectOss } from "../../packages/core/src/store/oss/oss-store.js";
import { signPostV4 } from "../../packages/core/src/store/oss/sign-post-v4.js";
import { presignV4, signV4 } from "../../packages/core/src/store/oss/sign-v4.js";
import type { Digest, HttpResponse } from "../../packages/core/src/workers/byte-workers.js";
import { writeForm } from "./form.js";
import { type NodeHands, nodeHands } from "./node-hands.js";

export interface BenchOptions {
  readonly region: string;
  readonly bucket: string;
  readonly endpoint?: string;
  readonly credentials: { accessKeyId: string; accessKeySecret: string; securityToken?: string };
  /** What the keys of the objects begin with. */
  readonly keyPrefix: string;
  readonly origin: string;
}

/** A form that is signed for its key, size and type. */
export interface WantedForm {
  /** Default: a new one. */
  readonly key?: string;
  /** Whether the policy keeps the fields away that the form lacks. */
  readonly isClosed?: boolean;
  /** Fields that are added after it was signed. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly partHeaders?: Readonly<Record<string, string>>;
  /** Headers of the request. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface PostedForm {
  readonly key: string;
  readonly digest: Digest;
  readonly answer: HttpResponse;
}

export interface Bench {
  readonly store: ObjectStore;
  readonly hands: NodeHands;
  readonly origin: string;
  readonly call: CallOptions;
  /** Begins an upload of a new key, which `cleanUp` will abort. */
  begin(): Promise<MultipartUpload>;
  /** Puts one part of random bytes. @param size bytes */
  put(upload: MultipartUpload, number: number, size: number): Promise<StoredPart>;
  /**
   * Puts an object of random bytes by a URL whose signature holds a length.
   * @param stated bytes that are signed  @param size bytes that are sent
   */
  putStated(stated: number, size: number): Promise<HttpResponse>;
  /** Puts an object of a few random bytes by a form. */
  postForm(wanted: WantedForm): Promise<PostedForm>;
  /** Asks as a browser would before a request by that method. */
  preflight(method: "PUT" | "POST"): Promise<HttpResponse>;
  /** Begins an upload under a key that the service cannot know. */
  initiateUnknown(): Promise<HttpResponse>;
  /** Aborts and deletes whatever was begun. @returns what could not be removed, with the reason */
  cleanUp(): Promise<readonly string[]>;
}

type Query = Readonly<Record<string, string>>;

const patience = { stallTimeoutMs: 60_000, answerTimeoutMs: 60_000 };

export function createBench(options: BenchOptions): Bench {
  const { region, bucket, endpoint, credentials, origin } = options;
  const place = { region, bucket, ...(endpoint === undefined ? {} : { endpoint }) };
  const hands = nodeHands(origin);
  const given: OssStoreOptions = { ...place, credentials };
  const store = connectOss(given, ossPlace(given), { workers: hands, now: Date.now, stallTimeoutMs: 60_000 });
  const call: CallOptions = { signal: new AbortController().signal };
  const begun: MultipartUpload[] = [];
  const stored: string[] = [];
  const newKey = () => `${options.keyPrefix}${randomBytes(8).toString("hex")}.bin`;

  async function remove(key: string): Promise<void> {
    const request = { method: "DELETE", key, query: {} } as const;
    const { status, body } = await sendSigned({ place, hands }, request, credentials, call);
    if (status !== 204 && status !== 404) throw new Error(`DeleteObject: ${status} ${body}`);
  }

  return {
    store,
    hands,
    origin,
    call,
    async begin() {
      const target: ObjectTarget = { key: newKey() };
      store.check(target);
      const upload = { key: target.key, id: await store.initiate(target, call) };
      begun.push(upload);
      return upload;
    },
    async put(upload, number, size) {
      const slice = new Blob([randomBytes(size)]);
      const digest = await hands.digest(slice, { md5: true, crc64: true }, { signal: call.signal });
      return await store.putPart(upload, number, slice, digest, call);
    },
    async putStated(stated, size) {
      const key = newKey();
      stored.push(key);
      const length = { "content-length": String(stated) };
      const request = { method: "PUT", bucket, key, query: {}, headers: length } as const;
      const { urlOf, region } = ossPlace(place);
      const query = await presignV4(request, credentials, { region }, Date.now(), 300, ["content-length"]);
      const body = new Blob([randomBytes(size)]);
      return await hands.send({ method: "PUT", url: urlOf(key, query), headers: {}, body, ...patience }, call);
    },
    async postForm({ key = newKey(), isClosed = false, fields = {}, partHeaders = {}, headers = {} }) {
      stored.push(key);
      const file = randomBytes(1000);
      const digest = await hands.digest(new Blob([file]), { md5: true, crc64: true }, { signal: call.signal });
      const said = { "content-type": "application/octet-stream", "content-length": String(file.length) };
      const { urlOf, region } = ossPlace(place);
      const terms = { atMs: Date.now(), expiresInSeconds: 300, keptAway: isClosed ? knownFields : [] };
      const signed = await signPostV4({ bucket, key, headers: said }, credentials, { region }, terms);
      const { contentType, body } = writeForm({ fields: { ...signed, ...fields }, file, partHeaders });
      const request = {
        method: "POST",
        url: urlOf("", {}),
        headers: { ...headers, "content-type": contentType },
        body,
      };
      return { key, digest, answer: await hands.send({ ...request, ...patience }, call) };
    },
    async preflight(method) {
      const { urlOf } = ossPlace(place);
      const headers = { "access-control-request-method": method };
      return await hands.send({ method: "OPTIONS", url: urlOf(newKey(), {}), headers, ...patience }, call);
    },
    async initiateUnknown() {
      const unknown = { accessKeyId: "ossicle-probe-unknown", accessKeySecret: "none" };
      const request = { method: "POST", key: newKey(), query: { uploads: "" } } as const;
      return await sendSigned({ place, hands }, request, unknown, call);
    },
    async cleanUp() {
      const uploads = begun.map(({ key, id }) => ({
        what: `upload ${id}`,
        remove: () => store.abort({ key, id }, call),
      }));
      const keys = [...stored, ...begun.map(({ key }) => key)];
      const objects = keys.map((key) => ({ what: `object ${key}`, remove: () => remove(key) }));
      return await removeAll([...uploads, ...objects]);
    },
  };
}

/** The request with its signature in a header, sent without the library's store. */
async function sendSigned(
  { place, hands }: { readonly place: PlaceOptions; readonly hands: NodeHands },
  { method, key, query }: { readonly method: "DELETE" | "POST"; readonly key: string; readonly query: Query },
  credentials: BenchOptions["credentials"],
  call: CallOptions,
): Promise<HttpResponse> {
  const { urlOf, region } = ossPlace(place);
  const request = { method, bucket: place.bucket, key, query, headers: {} };
  const headers = await signV4(request, credentials, { region }, Date.now());
  return await hands.send({ method, url: urlOf(key, query), headers, ...patience }, call);
}

/** One after the other. @returns what could not be removed, with the reason */
async function removeAll(things: readonly { readonly what: string; readonly remove: () => Promise<void> }[]) {
  const left: string[] = [];
  for (const { what, remove } of things) {
    await remove().catch((error: Error) => left.push(`${what}: ${error.message}`));
  }
  return left;
}
