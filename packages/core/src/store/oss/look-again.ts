/** Asks the store for an object that an answer without a name claims to have made. A claim that it does not show is not believed. */

import { isUploadError } from "../../errors.js";
import type { HttpResponse } from "../../workers/byte-workers.js";
import { notThere } from "../bucket/bad-answer.js";
import type { BucketRequest } from "../bucket/bucket-request.js";
import type {
  CallOptions,
  MultipartUpload,
  ObjectInfo,
  ObjectStore,
  ObjectTarget,
  PartNames,
  Proof,
} from "../object-store.js";
import { ossDialect } from "./oss-dialect.js";
import { hasTraits } from "./traits.js";

export interface Claim {
  readonly request: BucketRequest;
  readonly response: HttpResponse;
  readonly key: string;
  /** What the object was to be, where the request said so. */
  readonly target?: ObjectTarget;
  /** What the object has to consist of. */
  readonly parts: readonly PartNames[];
  /** No later than the request was sent, by the store's clock, which HEAD may tell: what is older is another object. */
  readonly sinceMs: () => number;
  /** What it was completed from. */
  readonly upload?: MultipartUpload;
}

interface Asking extends Pick<ObjectStore, "head" | "matches"> {
  /** One page of the parts of an upload. @throws UploadError "upload-gone", "forbidden" */
  readonly listFirst: (upload: MultipartUpload, options: CallOptions) => Promise<unknown>;
}

type Seen = Pick<ObjectInfo, "size" | "etag" | "crc64">;

/** A size may be read under any CORS rule: what shows neither that nor a name is no object of the service. */
function isShown({ size }: ObjectInfo, proof: Proof): boolean {
  return proof === "unproved" ? size !== undefined : proof !== "different";
}

export function lookAgain({ head, matches, listFirst }: Asking) {
  /** @returns undefined when nobody may tell */
  async function isStillThere(upload: MultipartUpload, options: CallOptions): Promise<boolean | undefined> {
    try {
      await listFirst(upload, options);
      return true;
    } catch (error) {
      if (!isUploadError(error)) throw error;
      if (error.code === "upload-gone") return false;
      if (error.code === "forbidden") return undefined;
      throw error;
    }
  }

  return {
    /**
     * @returns what the store shows of the object; undefined when the page may not ask
     * @throws UploadError "server", temporary, when it is not there, or another one is
     */
    async forObject(claim: Claim, options: CallOptions): Promise<Seen | undefined> {
      const { request, response, key, target, parts, sinceMs, upload } = claim;
      try {
        const object = await head(key, options);
        const isOurs =
          object !== undefined &&
          object.storedAtMs >= sinceMs() &&
          (target === undefined || hasTraits(object.traits, target) !== false) &&
          isShown(object, await matches(object, parts, options));
        if (!isOurs) throw notThere(ossDialect, request, response);
        const { size, etag, crc64 } = object;
        return { size, etag, crc64 };
      } catch (error) {
        if (!isUploadError(error) || error.code !== "forbidden") throw error;
        // A multipart upload that can still be listed was not completed.
        if (upload !== undefined && (await isStillThere(upload, options)))
          throw notThere(ossDialect, request, response);
        return undefined;
      }
    },
  };
}
