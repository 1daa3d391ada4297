/** A link by which a browser reads one object of a private bucket for a while. Needs WebCrypto, and no DOM. */

import { UploadError } from "../errors.js";
import { isPlainHeaderValue } from "../store/bucket/header-values.js";
import { ossPlace } from "../store/oss/addressing.js";
import { keyProblem } from "../store/oss/object-key.js";
import { presignV4 } from "../store/oss/sign-v4.js";
import type { PresignOptions } from "./presign-options.js";
import { readKeys, readSeconds } from "./read-options.js";
import { refused } from "./refusal.js";

type Place = Pick<PresignOptions, "region" | "bucket" | "endpoint" | "addressing">;

/** Options of `presignGet()`. */
export interface PresignGetOptions extends Place, Pick<PresignOptions, "credentials" | "expiresInSeconds"> {
  /**
   * The Content-Disposition that OSS answers with, e.g. `attachment; filename="report.pdf"`; for other than ASCII
   * `attachment; filename*=UTF-8''%E6%8A%A5.pdf`. Default: the object's own.
   */
  readonly responseContentDisposition?: string | undefined;
  /** The Content-Type that OSS answers with. Default: the object's own. */
  readonly responseContentType?: string | undefined;
}

/** The link, and when it ends: milliseconds since the epoch. */
export interface PresignedGet {
  readonly url: string;
  readonly expiresAt: number;
}

/**
 * Presigns a GET of one object with a V4 query signature. All who have the link can read the object until it ends: decide before
 * whether this user may. It asks nothing of the service, so the object need not exist. The key needs oss:GetObject.
 *
 * @returns the link; it ends with `expiresInSeconds`, or with the security token if that is earlier
 * @throws UploadError "rejected" with the status 400 for a key that no object can have; "invalid-option"
 * @see https://help.aliyun.com/zh/oss/developer-reference/add-signatures-to-urls
 */
export async function presignGet(key: string, options: PresignGetOptions): Promise<PresignedGet> {
  const place = ossPlace(options);
  const seconds = readSeconds(options);
  const problem = keyProblem(key);
  if (problem !== undefined) throw refused(`the key ${problem}`);
  const query = answerHeaders(options);
  const keys = await readKeys(options);
  const atMs = Date.now();
  const request = { method: "GET", bucket: place.bucket, key, query, headers: {} } as const;
  const signed = await presignV4(request, keys, { region: place.region }, atMs, seconds);
  return { url: place.urlOf(key, signed), expiresAt: Math.min(atMs + seconds * 1000, keys.expiresAtMs ?? Infinity) };
}

/** @throws UploadError "invalid-option" for text that no header can carry */
function answerHeaders(options: PresignGetOptions): Record<string, string> {
  const wanted = {
    "response-content-disposition": options.responseContentDisposition,
    "response-content-type": options.responseContentType,
  };
  const query: Record<string, string> = {};
  for (const [name, value] of Object.entries(wanted)) {
    if (value === undefined) continue;
    if (typeof value !== "string" || !isPlainHeaderValue(value)) {
      throw new UploadError("invalid-option", `presignGet: ${name} is not printable ASCII`, {
        hint: "Write other characters of a file name as filename*=UTF-8'' and percent-encoded.",
      });
    }
    query[name] = value;
  }
  return query;
}
