/** The steps from a checked batch to a signed one, shared by `presign` and the handler. */

import { UploadError } from "../errors.js";
import type { ActiveCredentials } from "../store/bucket/read-credentials.js";
import type { SignableRequest, SignedRequest } from "../store/bucket/signable-request.js";
import { type OssPlace, ossPlace } from "../store/oss/addressing.js";
import { signPostV4 } from "../store/oss/sign-post-v4.js";
import { presignV4 } from "../store/oss/sign-v4.js";
import { keptAway } from "./kept-away.js";
import type { PresignOptions } from "./presign-options.js";
import { readKeys, readSeconds } from "./read-options.js";
import { refused } from "./refusal.js";
import { allowances, type SigningRules, signedBeside } from "./signable-headers.js";
import { type Listing, storedSize } from "./stored-size.js";

export interface Signing {
  readonly rules: SigningRules;
  /** @throws what the app's function throws; UploadError "invalid-option" if it returns no credentials */
  readonly readKeys: () => Promise<ActiveCredentials>;
  /** @throws UploadError "rejected" with status 413 if an object is too large, "server" if that cannot be found out */
  readonly sign: (requests: readonly SignableRequest[], keys: ActiveCredentials) => Promise<SignedRequest[]>;
}

/** A form is sent at once, and a page that was too slow for it asks for another. */
const mostSecondsOfForms = 300;
/** Time limit for all listings of a batch together: the page is waiting, and will ask again. */
const listingMs = 20_000;

/** @throws UploadError "invalid-option" */
export function signing(options: PresignOptions): Signing {
  const { fetch = globalThis.fetch } = options;
  const expiresInSeconds = readSeconds(options);
  const place = ossPlace(options);
  const rules = readRules(options);

  return {
    rules,
    readKeys: () => readKeys(options),
    async sign(requests, keys) {
      if (rules.maxBytes !== undefined) await checkTotals(requests, rules.maxBytes, { place, keys, fetch });
      const atMs = Date.now();
      return await Promise.all(requests.map((request) => signOne(request, keys, place, atMs, expiresInSeconds)));
    },
  };
}

async function signOne(
  request: SignableRequest,
  keys: ActiveCredentials,
  place: OssPlace,
  atMs: number,
  seconds: number,
): Promise<SignedRequest> {
  const scope = { region: place.region };
  const until = (lifeSeconds: number) => Math.min(atMs + lifeSeconds * 1000, keys.expiresAtMs ?? Infinity);
  if (request.action === "PostObject") {
    const expiresInSeconds = Math.min(seconds, mostSecondsOfForms);
    const fields = await signPostV4(request, keys, scope, { atMs, expiresInSeconds, keptAway: keptAway(request) });
    return { url: place.urlOf("", {}), fields, expiresAt: until(expiresInSeconds) };
  }
  const query = await presignV4(request, keys, scope, atMs, seconds, signedBeside);
  return { url: place.urlOf(request.key, query), expiresAt: until(seconds) };
}

/**
 * Refuses a Complete whose parts are larger than `maxBytes` together. Lists one upload after the other, so that a large batch does not
 * send as many requests at once.
 *
 * @throws UploadError "rejected" with status 413, "server"
 */
async function checkTotals(
  requests: readonly SignableRequest[],
  maxBytes: number,
  listing: Omit<Listing, "signal">,
): Promise<void> {
  const completes = requests.filter(({ action }) => action === "CompleteMultipartUpload");
  if (completes.length === 0) return;
  const signal = AbortSignal.timeout(listingMs);
  for (const { key, query } of completes) {
    const stored = await storedSize({ key, uploadId: query.uploadId ?? "" }, maxBytes, { ...listing, signal });
    // undefined: the upload is gone. Sign all the same, so that the service tells the page.
    if (stored !== undefined && stored > maxBytes) {
      throw refused(`the parts have ${stored} bytes or more, maxBytes is ${maxBytes}`, "rejected", 413);
    }
  }
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
