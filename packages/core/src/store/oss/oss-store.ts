/** Alibaba Cloud OSS behind the `ObjectStore` seam: each verb, and what has to be in its answer. Laws 3 and 6. */
import { isUploadError } from "../../errors.js";
import type { Digest, HttpResponse } from "../../workers/byte-workers.js";
import type {
  CallOptions,
  ETag,
  ListedPart,
  MultipartUpload,
  ObjectInfo,
  ObjectStore,
  StoreTools,
} from "../object-store.js";
import type { OssPlace } from "./addressing.js";
import {
  type PartsPage,
  readCompleted,
  readCrc64,
  readETag,
  readInitiated,
  readPartsPage,
  wholeNumber,
} from "./answers.js";
import { corrupted, foreign, hiddenETag } from "./bad-answer.js";
import { checkTarget } from "./check-target.js";
import { credentialsSource } from "./credentials.js";
import { type OssRequest, ossCall } from "./oss-call.js";
import { ossLimits } from "./oss-limits.js";
import type { OssStoreOptions } from "./oss-options.js";
import {
  abortRequest,
  completeRequest,
  headRequest,
  initiateRequest,
  listPartsRequest,
  putObjectRequest,
  putPartRequest,
} from "./oss-requests.js";
import { ossProbe } from "./probe.js";
import { agrees, etagOf, holds, md5Of, proofOf } from "./proof.js";
import { type ServiceClock, serviceClock } from "./service-clock.js";
import { type Signer, signRemotely, signWithCredentials } from "./signer.js";

const partsPerPage = 1000;

/** A connection has credentials and a clock of its own. @param options that `ossStore` has checked */
export function connectOss(options: OssStoreOptions, place: OssPlace, tools: StoreTools): ObjectStore {
  const { bucket } = place;
  const { workers } = tools;
  const clock = serviceClock(tools.now);
  const connection = { place, clock, tools, sign: signerFor(options, place, clock, tools.sleep) };
  const call = ossCall(connection);

  /** @returns the answer's names of `body`, after comparing them with its digest */
  async function prove(request: OssRequest, body: Blob, digest: Digest, response: HttpResponse, signal: AbortSignal) {
    const { etag, crc64 } = namesIn(response);
    // Where the CRC-64 was to prove it and is hidden, the bytes are read once more for the MD5 that the ETag is.
    const instead = digest.crc64 !== undefined && digest.md5 === undefined && crc64 === undefined && etag !== undefined;
    const md5 = instead ? await md5Of(body, workers, signal) : digest.md5;
    if (!agrees({ etag, crc64 }, { ...digest, md5 })) throw corrupted(request, response);
    return { etag, md5, crc64: crc64 ?? digest.crc64 };
  }

  async function partsPage(upload: MultipartUpload, after: number, max: number, options: CallOptions) {
    const request = listPartsRequest(upload, after, max);
    return await call(request, options, (response): PartsPage => {
      const page = readPartsPage(response.xml);
      // A marker that does not advance would be asked for ever.
      if (page === undefined || (page.next !== undefined && page.next <= after)) throw foreign(request, response);
      return page;
    });
  }

  /** What a listing says: a body, which no CORS rule can hide. */
  async function listedETag(upload: MultipartUpload, number: number, options: CallOptions): Promise<ETag | undefined> {
    try {
      const { parts } = await partsPage(upload, number - 1, 1, options);
      return parts.find((part) => part.number === number)?.etag;
    } catch (error) {
      if (isUploadError(error) && error.code === "forbidden") return undefined;
      throw error;
    }
  }

  return {
    location: place.location,
    bucket,
    limits: ossLimits,
    check: checkTarget,
    holds,

    async putObject(target, body, digest, options) {
      const request = putObjectRequest(target, body, digest);
      return await call(request, options, async (response) => {
        const { etag } = await prove(request, body, digest, response, options.signal);
        return {
          ...objectIn(target.key, response),
          size: body.size,
          // The service has compared Content-MD5 with what arrived, and the ETag of an object put whole is its MD5.
          etag: etag ?? (digest.md5 && etagOf(digest.md5)),
          callback: target.callback && { status: response.status, body: response.body },
        };
      });
    },

    async initiate(target, options) {
      const request = initiateRequest(target);
      return await call(request, options, (response) => {
        const initiated = readInitiated(response.xml);
        // Another key is seen where something in between writes paths anew: the parts would go to another object.
        if ((initiated?.key ?? target.key) !== target.key) throw foreign(request, response);
        if (initiated === undefined) throw foreign(request, response);
        return initiated.uploadId;
      });
    },

    async putPart(upload, number, slice, digest, options) {
      const request = putPartRequest(upload, number, slice, digest);
      const size = slice.size;
      return await call(request, options, async (response) => {
        const { etag, md5, crc64 } = await prove(request, slice, digest, response, options.signal);
        if (etag !== undefined) return { number, size, etag, md5, crc64 };
        // Complete has to name the part somehow.
        if (digest.crc64 !== undefined || md5 !== undefined) {
          const known = md5 ?? (await md5Of(slice, workers, options.signal));
          return { number, size, etag: etagOf(known), md5: known, crc64 };
        }
        const listed = await listedETag(upload, number, options);
        if (listed !== undefined) return { number, size, etag: listed, md5, crc64 };
        throw hiddenETag(request, response);
      });
    },

    async listParts(upload, options) {
      const all: ListedPart[] = [];
      for (let after: number | undefined = 0; after !== undefined; ) {
        const page: PartsPage = await partsPage(upload, after, partsPerPage, options);
        all.push(...page.parts);
        after = page.next;
      }
      return all;
    },

    async complete(upload, parts, finish, options) {
      const request = completeRequest(upload, parts, finish);
      return await call(request, options, (response) => {
        const object = objectIn(upload.key, response);
        // With a callback the body is the application server's.
        if (finish.callback !== undefined) {
          return { ...object, callback: { status: response.status, body: response.body } };
        }
        const completed = readCompleted(response.xml);
        if (completed === undefined && object.etag === undefined) throw foreign(request, response);
        return { ...object, etag: object.etag ?? completed?.etag };
      });
    },

    async abort(upload, options) {
      await call(abortRequest(upload), options, () => undefined);
    },

    async head(key, options) {
      return await call(headRequest(key), options, (response) => {
        if (response.status === 404) return undefined;
        return { ...objectIn(key, response), size: wholeNumber(response.headers["content-length"]) };
      });
    },

    async matches(object, parts, { signal }) {
      signal.throwIfAborted();
      return await proofOf(object, parts, async (text) => await md5Of(new Blob([text]), workers, signal));
    },

    probe: ossProbe(connection),

    rejectsParts: (error) =>
      isUploadError(error) &&
      error.action === "CompleteMultipartUpload" &&
      /^(InvalidPart|InvalidPartOrder|EntityTooSmall)$/.test(error.serverCode ?? ""),
  };
}

function signerFor(
  { credentials, signer, signature = "v4" }: OssStoreOptions,
  place: OssPlace,
  clock: ServiceClock,
  sleep: StoreTools["sleep"],
): Signer {
  if (signer !== undefined) return signRemotely(signer, clock, sleep);
  return signWithCredentials(credentialsSource(credentials, clock, sleep), signature, { place, clock });
}

/** What the headers that may be read say about the bytes. */
function namesIn({ headers }: HttpResponse): { readonly etag: ETag | undefined; readonly crc64: bigint | undefined } {
  return { etag: readETag(headers.etag), crc64: readCrc64(headers["x-oss-hash-crc64ecma"]) };
}

function objectIn(key: string, response: HttpResponse): ObjectInfo {
  return {
    key,
    size: undefined,
    ...namesIn(response),
    versionId: response.headers["x-oss-version-id"],
    requestId: response.headers["x-oss-request-id"],
    callback: undefined,
  };
}
