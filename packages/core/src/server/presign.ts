/** Signs requests of a page with keys that the page never sees. Runs wherever WebCrypto does; no DOM. */
import { UploadError } from "../errors.js";
import { ossPlace } from "../store/oss/addressing.js";
import type {
  Credentials,
  OssStoreOptions,
  SignableRequest,
  SignedRequest,
  StsCredentials,
} from "../store/oss/oss-options.js";
import { readCredentials } from "../store/oss/read-credentials.js";
import { presignV4 } from "../store/oss/sign-v4.js";
import { readSignable } from "./signable.js";

export interface PresignOptions {
  readonly region: string;
  readonly bucket: string;
  /** As for `ossStore`: what the page can reach, not the server. Default: the region's public endpoint. */
  readonly endpoint?: string;
  readonly addressing?: NonNullable<OssStoreOptions["addressing"]>;
  /** A function is called once for each batch; keep what it returns if fetching it costs something. */
  readonly credentials: Credentials | StsCredentials | (() => Promise<Credentials | StsCredentials>);
  /** How long a signed URL is good, 1–604,800. Default 900; a security token's own end may come first. */
  readonly expiresInSeconds?: number;
}

const mostSeconds = 604_800;

/**
 * Presigns a batch with V4 query signatures, for `options.bucket` alone, and only requests that are part of an upload. Whether
 * this user may write to these keys is for the caller to decide first.
 *
 * @returns one signed request for each, in the same order
 * @throws UploadError "rejected" for a request that is not one of an upload, "forbidden" for another bucket, "invalid-option"
 * @see https://help.aliyun.com/zh/oss/developer-reference/add-signatures-to-urls
 */
export async function presign(requests: readonly SignableRequest[], options: PresignOptions): Promise<SignedRequest[]> {
  const { credentials, expiresInSeconds = 900 } = options;
  if (!Number.isInteger(expiresInSeconds) || expiresInSeconds < 1 || expiresInSeconds > mostSeconds) {
    throw new UploadError("invalid-option", `expiresInSeconds is ${expiresInSeconds}; allowed are 1–${mostSeconds}`);
  }
  const place = ossPlace(options);
  const checked = requests.map((request) => signableFor(place.bucket, request));
  const given = typeof credentials === "function" ? await credentials() : credentials;
  const keys = readCredentials(given, "invalid-option", "`credentials` of presign()");
  const now = Date.now();
  const expiresAt = Math.min(now + expiresInSeconds * 1000, keys.expiresAtMs ?? Number.POSITIVE_INFINITY);
  return await Promise.all(
    checked.map(async (request) => {
      const query = await presignV4(request, keys, { region: place.region }, now, expiresInSeconds);
      return { url: place.urlOf(request.key, query), expiresAt };
    }),
  );
}

function signableFor(bucket: string, given: unknown): SignableRequest {
  const request = readSignable(given);
  if (request.bucket === bucket) return request;
  throw new UploadError("forbidden", `Refused to sign for bucket ${JSON.stringify(request.bucket)}: this is ${bucket}`);
}
