/** Reads bucket, key and query of a request from its line and its Host: path style, virtual-hosted, or a bucket's domain. Pure. */
import { refusal } from "../oss-error.js";

/** The names and values of a query, decoded, in the order in which they were sent. */
export class Query {
  readonly pairs: readonly (readonly [string, string])[];

  constructor(pairs: readonly (readonly [string, string])[]) {
    this.pairs = pairs;
  }

  /** The first value of that name: "" if the name has none, undefined if it is not there. */
  get(name: string): string | undefined {
    return this.pairs.find(([other]) => other === name)?.[1];
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }
}

export interface Target {
  /** Undefined for ListBuckets. */
  readonly bucket: string | undefined;
  /** Undefined for an operation on the whole bucket. */
  readonly key: string | undefined;
  readonly query: Query;
  /** Host and port as the client named them, without the bucket. */
  readonly endpointHost: string;
  /** Whether the host is a domain of the bucket's own. */
  readonly isOwnDomain: boolean;
}

/** The host names that mean buckets. */
export interface HostNames {
  isBucket(name: string): boolean;
  bucketOfDomain(hostname: string): string | undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    // Malformed escapes, or bytes that are not UTF-8.
    throw refusal("InvalidURI", { message: `Couldn't parse the specified URI: ${(cause as Error).message}.` });
  }
}

function parseQuery(text: string): Query {
  const pairs = text
    .split("&")
    .filter((piece) => piece !== "")
    .map((piece) => {
      const equals = piece.indexOf("=");
      const [name, value] = equals < 0 ? [piece, ""] : [piece.slice(0, equals), piece.slice(equals + 1)];
      return [decode(name.replaceAll("+", " ")), decode(value.replaceAll("+", " "))] as const;
    });
  return new Query(pairs);
}

/** A bucket that a host name means, and how many characters of it are before the endpoint's; 0 for a domain of the bucket's own. */
interface Hosted {
  readonly bucket: string;
  readonly prefix: number;
}

function bucketOfHost(hostname: string, names: HostNames): Hosted | undefined {
  const domain = names.bucketOfDomain(hostname);
  if (domain !== undefined) return { bucket: domain, prefix: 0 };
  const dot = hostname.indexOf(".");
  if (dot < 0 || /^[\d.]+$/.test(hostname) || hostname.startsWith("[")) return undefined;
  const label = hostname.slice(0, dot);
  const rest = hostname.slice(dot + 1);
  const isEndpoint = rest === "localhost" || /^oss-[a-z0-9-]+\.aliyuncs\.com$/.test(rest);
  return isEndpoint || names.isBucket(label) ? { bucket: label, prefix: dot + 1 } : undefined;
}

/** Splits a URL into path and query without normalising the path: `.` and `..` are legal in keys. */
export function splitUrl(url: string): { path: string; query: string } {
  const origin = /^https?:\/\/[^/?]*/i.exec(url)?.[0] ?? "";
  const relative = url.slice(origin.length);
  const mark = relative.indexOf("?");
  return mark < 0 ? { path: relative, query: "" } : { path: relative.slice(0, mark), query: relative.slice(mark + 1) };
}

/**
 * @param url  the URL of the request line, as received
 * @param host the Host header
 * @throws OssError `InvalidURI`
 */
export function parseTarget(url: string, host: string, names: HostNames): Target {
  const { path, query } = splitUrl(url);
  const hostname = host.replace(/:\d+$/, "").toLowerCase();
  const hosted = bucketOfHost(hostname, names);
  const decoded = decode(path.replace(/^\//, ""));
  const parsed = parseQuery(query);
  if (hosted !== undefined) {
    const key = decoded === "" ? undefined : decoded;
    const { bucket, prefix } = hosted;
    return { bucket, key, query: parsed, endpointHost: host.slice(prefix), isOwnDomain: prefix === 0 };
  }
  const slash = decoded.indexOf("/");
  const bucket = slash < 0 ? decoded : decoded.slice(0, slash);
  const key = slash < 0 ? "" : decoded.slice(slash + 1);
  return {
    bucket: bucket === "" ? undefined : bucket,
    key: key === "" ? undefined : key,
    query: parsed,
    endpointHost: host,
    isOwnDomain: false,
  };
}

/** @throws OssError `InvalidBucketName`, `InvalidObjectName` */
export function checkNames(target: Target): void {
  const { bucket, key } = target;
  if (bucket !== undefined && !/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw refusal("InvalidBucketName", { extras: { BucketName: bucket } });
  }
  if (key !== undefined && (Buffer.byteLength(key) > 1023 || /^[/\\]/.test(key))) {
    throw refusal("InvalidObjectName", { extras: { ObjectName: key } });
  }
}
