/** A link that lets a browser read one object for a while: OSS signature V4 in the query. */
import { createHash, createHmac } from "node:crypto";

export interface GetLink {
  /** Without the bucket, which is added as the first piece of the path. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly key: string;
  readonly expiresInSeconds: number;
}

export interface SigningAccount {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

/** @see https://help.aliyun.com/zh/oss/developer-reference/add-signatures-to-urls */
export function presignGet(link: GetLink, account: SigningAccount, now = new Date()): string {
  const timestamp = now.toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = [timestamp.slice(0, 8), link.region, "oss", "aliyun_v4_request"];
  const path = `/${link.bucket}/${link.key.split("/").map(encode).join("/")}`;
  // In byte order, because they are signed so.
  const query = [
    ["x-oss-credential", [account.accessKeyId, ...scope].join("/")],
    ["x-oss-date", timestamp],
    ["x-oss-expires", String(link.expiresInSeconds)],
    ["x-oss-signature-version", "OSS4-HMAC-SHA256"],
  ] as const;
  const queryText = query.map(([name, value]) => `${name}=${encode(value)}`).join("&");
  const canonical = ["GET", path, queryText, "", "", "UNSIGNED-PAYLOAD"].join("\n");
  const hash = createHash("sha256").update(canonical).digest("hex");
  const toSign = ["OSS4-HMAC-SHA256", timestamp, scope.join("/"), hash].join("\n");
  const start: string | Buffer = `aliyun_v4${account.accessKeySecret}`;
  const signingKey = scope.reduce<string | Buffer>((secret, piece) => hmac(secret, piece), start);
  return `${link.endpoint}${path}?${queryText}&x-oss-signature=${hmac(signingKey, toSign).toString("hex")}`;
}

function hmac(secret: string | Buffer, text: string): Buffer {
  return createHmac("sha256", secret).update(text).digest();
}

/** Percent-encoding of RFC 3986: `encodeURIComponent` leaves five characters unencoded that have to be encoded. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}
