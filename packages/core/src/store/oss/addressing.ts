/** The place of a bucket of OSS: checks what the app says about it, and builds URLs. Pure. */

import { invalid as invalidOption, shown } from "../../invalid-option.js";
import type { BucketPlace } from "../bucket/bucket-place.js";
import { encodeKey } from "../bucket/percent-encoding.js";
import type { PlaceOptions } from "./oss-options.js";
import { queryString } from "./query-string.js";

export interface OssPlace extends BucketPlace {
  /** The region id, as signature version 4 names it: "cn-hangzhou". */
  readonly region: string;
  /** Endpoint and bucket, as one text that is the same under every addressing. */
  readonly location: string;
}

/**
 * Takes public, internal, accelerated, dual-stack, custom-domain and local endpoints, with or without port and scheme; the default scheme is
 * https.
 *
 * @throws UploadError "invalid-option"
 */
export function ossPlace(options: PlaceOptions): OssPlace {
  const region = readRegion(options.region);
  const bucket = readBucket(options.bucket);
  const endpoint = readEndpoint(options.endpoint ?? `https://oss-${publicNames[region] ?? region}.aliyuncs.com`);
  checkEndpoint(endpoint, region, bucket);
  const base = baseUrl(endpoint, bucket, options.addressing);
  return {
    region,
    bucket,
    location: `oss:${endpoint.origin}/${bucket}`,
    urlOf(key, query) {
      const queryText = queryString(query);
      return `${base}/${encodeKey(key)}${queryText === "" ? "" : `?${queryText}`}`;
    },
  };
}

/** Finance regions whose public endpoints have names of their own. The service names them by `region` everywhere else. */
const publicNames: Readonly<Record<string, string>> = {
  "cn-hangzhou-finance": "cn-hzfinance",
  "cn-shanghai-finance-1": "cn-shanghai-finance-1-pub",
  "cn-shenzhen-finance-1": "cn-szfinance",
  "cn-beijing-finance-1": "cn-beijing-finance-1-pub",
};

function readRegion(given: unknown): string {
  if (typeof given !== "string") throw invalid("region is missing", 'Pass the bucket\'s region, e.g. "cn-hangzhou".');
  const region = given.trim().toLowerCase().replace(/^oss-/, "");
  // Every region id has at least two words. "accelerate" and "cn-hangzhou-internal" are parts of endpoints.
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(region) || /-internal$|^accelerate/.test(region)) {
    throw invalid(
      `region ${shown(given)} is not a region id`,
      `Pass the bucket's region, e.g. "${regionNamed(given.trim().toLowerCase()) ?? "cn-hangzhou"}"; other endpoints than its public one go in \`endpoint\`.`,
    );
  }
  return region;
}

/** @see https://help.aliyun.com/zh/oss/user-guide/bucket-naming-conventions */
function readBucket(given: unknown): string {
  const bucket = typeof given === "string" ? given.trim() : "";
  if (/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucket)) return bucket;
  throw invalid(
    `bucket ${shown(given)} is not a bucket name`,
    "3–63 of a–z, 0–9 and -, the first and last not -; the endpoint does not belong to it.",
  );
}

function readEndpoint(given: unknown): URL {
  const text = typeof given === "string" ? given.trim() : "";
  const url = parseUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  const plain = url?.pathname === "/" && url.search === "" && url.hash === "" && url.username === "";
  if (url !== undefined && plain && /^https?:$/.test(url.protocol)) return url;
  throw invalid(
    `endpoint ${shown(given)} is not an endpoint`,
    'Scheme, host and perhaps port, e.g. "https://oss-cn-hangzhou.aliyuncs.com"; neither bucket nor path.',
  );
}

/** @returns the region that one of the service's hosts has in its name */
function regionNamed(hostname: string): string | undefined {
  const [, named, dualStack] =
    /(?:oss-([a-z0-9-]+?)(?:-internal)?|\b([a-z0-9-]+)\.oss)\.aliyuncs\.com/.exec(hostname) ?? [];
  const found = (named ?? dualStack)?.replace(/^cn-hzjbp.*/, "cn-hzfinance");
  return found?.startsWith("accelerate") ? undefined : found;
}

function checkEndpoint({ hostname }: URL, region: string, bucket: string): void {
  if (hostname.startsWith(`${bucket}.`) && hostname.endsWith(".aliyuncs.com")) {
    throw invalid(
      `endpoint ${hostname} already begins with the bucket`,
      `Pass "${hostname.slice(bucket.length + 1)}": the bucket is put in front of it.`,
    );
  }
  const other = regionNamed(hostname);
  if (other !== undefined && other !== region && other !== publicNames[region]) {
    throw invalid(
      `endpoint ${hostname} is not in region ${region}`,
      "Region and endpoint have to be the bucket's own.",
    );
  }
}

function baseUrl(endpoint: URL, bucket: string, addressing: unknown): string {
  const local = isIpAddress(endpoint.hostname) || /^(.+\.)?localhost$/.test(endpoint.hostname);
  switch (addressing ?? (local ? "path" : "virtual-hosted")) {
    case "path":
      return `${endpoint.origin}/${bucket}`;
    case "cname":
      if (!endpoint.hostname.endsWith(".aliyuncs.com")) return endpoint.origin;
      throw invalid('addressing "cname" needs an endpoint of your own', "Pass the domain that is bound to the bucket.");
    case "virtual-hosted":
      if (!isIpAddress(endpoint.hostname)) return `${endpoint.protocol}//${bucket}.${endpoint.host}`;
      throw invalid(
        `endpoint ${endpoint.host} is an IP address, which a bucket cannot be put in front of`,
        'Leave `addressing` out, or pass "path".',
      );
    default:
      throw invalid(`addressing ${shown(addressing)} is unknown`, '"virtual-hosted", "path" or "cname"');
  }
}

function isIpAddress(hostname: string): boolean {
  // The URL parser has already rewritten an IPv4 address of any notation as four decimal numbers.
  return hostname.startsWith("[") || /^\d+(\.\d+){3}$/.test(hostname);
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function invalid(problem: string, hint: string) {
  return invalidOption(`ossStore: ${problem}`, hint);
}
