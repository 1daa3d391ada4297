/** The steps between a batch that was read and one that is signed; `presign` and the handler go the same way. */

import { UploadError } from "../errors.js";
import type { ActiveCredentials } from "../store/bucket/read-credentials.js";
import type { SignableRequest, SignedRequest } from "../store/bucket/signable-request.js";
import { ossPlace } from "../store/oss/addressing.js";
import { readOssCredentials } from "../store/oss/oss-credentials.js";
import { presignV4 } from "../store/oss/sign-v4.js";
import type { PresignOptions } from "./presign-options.js";
import { refused } from "./refusal.js";
import { allowances, type SigningRules, signedBeside } from "./signable-headers.js";
import { storedSize } from "./stored-size.js";

export interface Signing {
  readonly rules: SigningRules;
  /** @throws what the app's function throws; UploadError "invalid-option" for what are no credentials */
  readonly readKeys: () => Promise<ActiveCredentials>;
  /** @throws UploadError "rejected" with status 413, "server" */
  readonly sign: (requests: readonly SignableRequest[], keys: ActiveCredentials) => Promise<SignedRequest[]>;
}

const mostSeconds = 604_800;
// Of all listings that a batch needs: the page waits meanwhile, and asks again.
const listingMs = 20_000;

/** @throws UploadError "invalid-option" */
export function signing(options: PresignOptions): Signing {
  const { credentials, expiresInSeconds = 900, fetch = globalThis.fetch } = options;
  if (!Number.isInteger(expiresInSeconds) || expiresInSeconds < 1 || expiresInSeconds > mostSeconds) {
    throw new UploadError("invalid-option", `expiresInSeconds is ${expiresInSeconds}; allowed are 1–${mostSeconds}`);
  }
  const place = ossPlace(options);
  const rules = readRules(options);

  /** One upload after the other: a batch of many is no reason for as many requests at once. */
  async function checkTotals(requests: readonly SignableRequest[], keys: ActiveCredentials): Promise<void> {
    const { maxBytes } = rules;
    const completes = requests.filter(({ action }) => action === "CompleteMultipartUpload");
    if (maxBytes === undefined || completes.length === 0) return;
    const signal = AbortSignal.timeout(listingMs);
    for (const { key, query } of completes) {
      const upload = { key, uploadId: query.uploadId ?? "" };
      const stored = await storedSize(upload, maxBytes, { place, keys, fetch, signal });
      // One that is gone cannot be completed; the page has to hear that from the service.
      if (stored !== undefined && stored > maxBytes) {
        throw refused(`the parts have ${stored} bytes or more, maxBytes is ${maxBytes}`, "rejected", 413);
      }
    }
  }

  return {
    rules,
    async readKeys() {
      const given = typeof credentials === "function" ? await credentials() : credentials;
      return readOssCredentials(given, "invalid-option", "`credentials` of the server half");
    },
    async sign(requests, keys) {
      await checkTotals(requests, keys);
      const now = Date.now();
      const expiresAt = Math.min(now + expiresInSeconds * 1000, keys.expiresAtMs ?? Number.POSITIVE_INFINITY);
      return await Promise.all(
        requests.map(async (request) => {
          const query = await presignV4(request, keys, { region: place.region }, now, expiresInSeconds, signedBeside);
          return { url: place.urlOf(request.key, query), expiresAt };
        }),
      );
    },
  };
}

/** @throws UploadError "invalid-option" */
export function readRules({ bucket, allow = [], maxBytes }: PresignOptions): SigningRules {
  const unknown = allow.find((name) => !allowances.includes(name));
  if (unknown !== undefined) {
    throw new UploadError(
      "invalid-option",
      `allow names ${JSON.stringify(unknown)}; there are ${allowances.join(", ")}`,
    );
  }
  if (maxBytes !== undefined && (!Number.isSafeInteger(maxBytes) || maxBytes < 1)) {
    throw new UploadError("invalid-option", `maxBytes is ${maxBytes}; it is a whole number of bytes, 1 or more`);
  }
  return { bucket, allow: new Set(allow), maxBytes };
}
