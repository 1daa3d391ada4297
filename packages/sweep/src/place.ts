/** Which bucket it is, how its URLs are written, and whose key it is. Pure. */

/** A bucket, and the key that may list and abort its uploads. */
export interface BucketOptions {
  /** Region id, e.g. "cn-hangzhou". */
  readonly region: string;
  readonly bucket: string;
  /** Scheme, host and, if needed, port. Default: the region's public endpoint, by https. */
  readonly endpoint?: string | undefined;
  /** Where URLs have the bucket's name. Default: "path" for IP addresses and localhost, else "virtual-hosted". */
  readonly addressing?: "virtual-hosted" | "path" | "cname" | undefined;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Of a temporary key. */
  readonly securityToken?: string | undefined;
}

/** @returns what every URL of the bucket begins with, without a slash at its end @throws TypeError */
export function baseUrl({ region, bucket, endpoint, addressing }: BucketOptions): string {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(region)) throw new TypeError(`the region "${region}" is not a region id`);
  if (!/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucket))
    throw new TypeError(`the bucket "${bucket}" is no bucket name`);
  const url = readEndpoint(endpoint ?? `https://oss-${region}.aliyuncs.com`);
  const isIp = url.hostname.startsWith("[") || /^\d+(\.\d+){3}$/.test(url.hostname);
  const isLocal = isIp || /^(.+\.)?localhost$/.test(url.hostname);
  switch (addressing ?? (isLocal ? "path" : "virtual-hosted")) {
    case "path":
      return `${url.origin}/${bucket}`;
    case "cname":
      return url.origin;
    case "virtual-hosted":
      if (!isIp) return `${url.protocol}//${bucket}.${url.host}`;
      throw new TypeError(`the endpoint ${url.host} is an IP address, which a bucket cannot be put in front of`);
    default:
      throw new TypeError(`the addressing "${addressing}" is none of virtual-hosted, path and cname`);
  }
}

function readEndpoint(text: string): URL {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  const isPlain = url?.pathname === "/" && url.search === "" && url.hash === "" && url.username === "";
  if (url !== undefined && isPlain && /^https?:$/.test(url.protocol)) return url;
  throw new TypeError(`the endpoint "${text}" is not scheme, host and perhaps port`);
}
