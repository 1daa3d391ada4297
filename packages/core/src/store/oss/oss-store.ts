/** Alibaba Cloud OSS behind the `ObjectStore` seam: each verb, and what has to be in its answer. Laws 3 and 6. */

import { isUploadError, type UploadError } from "../../errors.js";
import { loading } from "../../not-loaded.js";
import { fixedOptions } from "../../upload/target.js";
import { type PartsPage, readCompleted, readInitiated, readPartsPage } from "../bucket/answers.js";
import { foreign, withOwnNames } from "../bucket/bad-answer.js";
import { bucketCall } from "../bucket/call.js";
import { credentialsSource } from "../bucket/credentials.js";
import { type SigningTools, signWithCredentials } from "../bucket/key-signer.js";
import { signRemotely } from "../bucket/remote-signer.js";
import { type ServiceClock, serviceClock } from "../bucket/service-clock.js";
import type { Signer } from "../bucket/signer.js";
import { unreadableAnswers } from "../bucket/unreadable.js";
import type {
  CallOptions,
  ListedPart,
  MultipartUpload,
  ObjectInfo,
  ObjectStore,
  PartNames,
  SeenObject,
  StoreTools,
} from "../object-store.js";
import type { OssPlace } from "./addressing.js";
import { checkTarget } from "./check-target.js";
import { ossDigests } from "./integrity.js";
import { lookAgain } from "./look-again.js";
import { namesObjectOf, objectIn, seenObject } from "./object-in.js";
import { readOssCredentials } from "./oss-credentials.js";
import { ossDialect, ossHints } from "./oss-dialect.js";
import { ossLimits } from "./oss-limits.js";
import type { SigningOptions } from "./oss-options.js";
import {
  abortRequest,
  completeRequest,
  headRequest,
  initiateRequest,
  listPartsRequest,
  putObjectRequest,
  putPartRequest,
} from "./oss-requests.js";
import { holds, md5Of, proofOf } from "./proof.js";
import { listedCrc64 } from "./read-crc64.js";
import { namesOf, shownIn, storedPart } from "./shown.js";
import { signV1 } from "./sign-v1.js";
import { signV4 } from "./sign-v4.js";
import { hasTraits } from "./traits.js";

const partsPerPage = 1000;
/** A signature by a clock that is further off is refused. */
const toleratedSkewMs = 900_000;

/** A connection has credentials and a clock of its own. @param options that `ossStore` has checked */
export function connectOss(options: SigningOptions, place: OssPlace, tools: StoreTools): ObjectStore {
  const { bucket } = place;
  const { workers } = tools;
  // What signs elsewhere says nothing of the page's clock.
  const clock = serviceClock(tools.now, options.signer === undefined ? toleratedSkewMs : Number.POSITIVE_INFINITY);
  const { sign, renew } = signerFor(options, place, clock, tools.sleep);
  const unreadable = unreadableAnswers({ place, clock, tools, renew });
  const connection = { dialect: ossDialect, place, clock, tools, sign, unreadable };
  const call = bucketCall(connection);

  async function partsPage(upload: MultipartUpload, after: number, max: number, options: CallOptions) {
    const request = listPartsRequest(upload, after, max);
    return await call(request, options, (response): PartsPage => {
      const page = readPartsPage(response.xml, listedCrc64);
      // A marker that does not advance would be asked for ever.
      if (page === undefined || (page.next !== undefined && page.next <= after))
        throw foreign(ossDialect, request, response);
      return page;
    });
  }

  async function head(key: string, options: CallOptions): Promise<SeenObject | undefined> {
    return await call(headRequest(key), options, (response) =>
      response.status === 404 ? undefined : seenObject(key, response),
    );
  }

  async function matches(object: ObjectInfo, parts: readonly PartNames[], { signal }: Pick<CallOptions, "signal">) {
    signal.throwIfAborted();
    return await proofOf(object, parts, async (text) => await md5Of(new Blob([text]), workers, signal));
  }

  const look = lookAgain({ head, matches, listFirst: (upload, call) => partsPage(upload, 0, 1, call) });

  return {
    location: place.location,
    bucket,
    limits: ossLimits,
    hints: ossHints,
    digests: ossDigests,
    fixed: fixedOptions,
    moment: () => {
      const pageMs = tools.now();
      return () => clock.exactly(pageMs);
    },
    check: checkTarget,
    holds,

    async putObject(target, body, digest, options) {
      const request = putObjectRequest(target, body, digest);
      const sentAtMs = tools.now();
      return await call(request, options, async (response) => {
        const shown = await shownIn({ request, response, body, digest }, workers, options.signal);
        const names = namesOf(shown);
        const callback = target.callback && { status: response.status, body: response.body };
        const object = {
          ...objectIn(target.key, response),
          etag: shown.etag,
          crc64: shown.crc64,
          size: body.size,
          body: names,
          callback,
        };
        if (shown.etag !== undefined || shown.crc64 !== undefined) return object;
        const parts = body.size === 0 ? [] : [names];
        const sinceMs = () => clock.notLaterThan(sentAtMs);
        const claim = { request, response, key: target.key, target, parts, sinceMs };
        return { ...object, ...(await look.forObject(claim, options)) };
      });
    },

    async initiate(target, options) {
      const request = initiateRequest(target);
      return await call(request, options, (response) => {
        const initiated = readInitiated(response.xml);
        // Another key is seen where something in between writes paths anew: the parts would go to another object.
        if ((initiated?.key ?? target.key) !== target.key) throw foreign(ossDialect, request, response);
        if (initiated === undefined) throw foreign(ossDialect, request, response);
        return initiated.uploadId;
      });
    },

    async putPart(upload, number, slice, digest, options) {
      const request = putPartRequest(upload, number, slice, digest);
      return await call(request, options, async (response) => {
        const list = async () => {
          const { parts } = await partsPage(upload, number - 1, 1, options);
          return parts.find((part) => part.number === number);
        };
        const answered = { request, response, body: slice, digest, number };
        return await storedPart(answered, list, workers, options.signal);
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
      const sentAtMs = tools.now();
      try {
        return await call(request, options, async (response) => {
          const object = objectIn(upload.key, response);
          const isNamed = namesObjectOf(parts.length, object);
          if (finish.callback === undefined) {
            const completed = readCompleted(response.xml);
            if ((completed?.key ?? upload.key) !== upload.key) throw foreign(ossDialect, request, response);
            if (completed === undefined && !isNamed) throw foreign(ossDialect, request, response);
            return { ...object, etag: object.etag ?? completed?.etag };
          }
          const answered = { ...object, callback: { status: response.status, body: response.body } };
          if (isNamed) return answered;
          const sinceMs = () => clock.notLaterThan(sentAtMs);
          const claim = { request, response, key: upload.key, parts, sinceMs, upload };
          return { ...answered, ...(await look.forObject(claim, options)) };
        });
      } catch (error) {
        throw rejectsParts(error) && parts.some(({ namedByUs }) => namedByUs) ? withOwnNames(ossDialect, error) : error;
      }
    },

    async abort(upload, options) {
      await call(abortRequest(upload), options, () => undefined);
    },

    head,
    matches,
    isAsAskedFor: ({ traits }, target) => hasTraits(traits, target) === true,
    // With what it says, a fifth of this file: only pages that diagnose load it.
    probe: async (...asked) => (await loading("diagnosis", import("./oss-probe.js"))).ossProbe(connection)(...asked),
    rejectsParts,
  };
}

function rejectsParts(error: unknown): error is UploadError {
  return (
    isUploadError(error) &&
    error.action === "CompleteMultipartUpload" &&
    /^(InvalidPart|InvalidPartOrder|EntityTooSmall)$/.test(error.serverCode ?? "")
  );
}

function signerFor(
  { credentials, signer, signature = "v4" }: SigningOptions,
  place: OssPlace,
  clock: ServiceClock,
  sleep: StoreTools["sleep"],
): { readonly sign: Signer; readonly renew: () => void } {
  // Whoever signs request by request uses what is good now.
  const { adapter } = ossDialect;
  if (signer !== undefined) return { sign: signRemotely(signer, adapter, clock, sleep), renew: () => {} };
  const source = credentialsSource(credentials, { adapter, read: readOssCredentials }, clock, sleep);
  const sign: SigningTools["sign"] = (request, keys, atMs) =>
    signature === "v1" ? signV1(request, keys, atMs) : signV4(request, keys, { region: place.region }, atMs);
  return { sign: signWithCredentials(source, { place, clock, sign }), renew: source.doubted };
}
