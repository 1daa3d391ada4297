/** The dialect of OSS: its headers, error codes, rights and hints. Pure, except that a worker parses XML. */
import type { UploadErrorCode } from "../../errors.js";
import { wholeNumber } from "../bucket/answers.js";
import type { Asked, Dialect, Refusal } from "../bucket/dialect.js";
import { child, text } from "../bucket/xml-element.js";
import type { StoreHints } from "../object-store.js";
import { corsRule } from "./cors-rule.js";
import { domainRule, isDefaultMainland } from "./default-domain.js";

const codes: Readonly<Record<string, UploadErrorCode>> = {
  NoSuchUpload: "upload-gone",
  NoSuchBucket: "not-found",
  FileAlreadyExists: "already-exists",
  InvalidDigest: "corrupted",
  RequestTimeout: "server",
  InternalError: "server",
  CallbackFailed: "callback-failed",
  AccessDenied: "forbidden",
  AccessForbidden: "forbidden",
  SecondLevelDomainForbidden: "misconfigured",
  PermanentRedirect: "misconfigured",
  SignatureDoesNotMatch: "credentials",
  InvalidAccessKeyId: "credentials",
  SecurityTokenExpired: "credentials",
  InvalidSecurityToken: "credentials",
  SecurityTokenNotSupported: "credentials",
  AccessKeyIdAndSecurityTokenNotMatch: "credentials",
  RequestTimeTooSkewed: "credentials",
};

export const ossHints: StoreHints = {
  nothingProves: "Add x-oss-hash-crc64ecma and ETag to ExposeHeader in the bucket's CORS rule.",
  crc64Hidden: "Add x-oss-hash-crc64ecma to ExposeHeader in the bucket's CORS rule.",
};

/** The RAM action that each call needs. */
const permissions = {
  PutObject: "oss:PutObject",
  PostObject: "oss:PutObject",
  InitiateMultipartUpload: "oss:PutObject",
  UploadPart: "oss:PutObject",
  CompleteMultipartUpload: "oss:PutObject",
  ListParts: "oss:ListParts",
  AbortMultipartUpload: "oss:AbortMultipartUpload",
  HeadObject: "oss:GetObject",
} as const;

export const ossDialect: Dialect = {
  service: "OSS",
  adapter: "ossStore()",
  requestIdHeader: "x-oss-request-id",
  permissions,
  codes,
  corsRule: () => corsRule(),
  hintForHost: (hostname, bucket) =>
    hostname.startsWith(`${bucket}.`) && !/\.(aliyuncs\.com|localhost)$/.test(hostname)
      ? ' The bucket\'s name is put in front of `endpoint`: if that is a domain bound to the bucket, pass addressing: "cname".'
      : isDefaultMainland(hostname)
        ? ` ${domainRule}`
        : "",
  grant,

  /** An answer to HEAD has no body: OSS sends the document in a header, as base64. */
  async documentBeside({ headers }, workers) {
    const header = headers["x-oss-err"];
    const xml = header === undefined ? undefined : fromBase64(header);
    return xml === undefined ? undefined : await workers.parseXml(xml);
  },

  detailsOf(error, headers) {
    const time = Date.parse(text(error, "ServerTime") ?? "");
    const permission = text(child(error, "AccessDeniedDetail"), "AuthAction");
    return {
      ec: headers["x-oss-ec"] ?? text(error, "EC"),
      serverTimeMs: Number.isNaN(time) ? undefined : time,
      endpoint: text(error, "Endpoint"),
      missingPermission: permission !== undefined && /^[a-z]+:\w+$/i.test(permission) ? permission : undefined,
      delayMs: wholeNumber(headers["x-oss-qos-delay-time"]),
    };
  },

  codeBeside({ status, code = "", message = "" }) {
    if (code === "AccessDenied" && /must be addressed using the specified endpoint/i.test(message)) {
      return "misconfigured";
    }
    return /Limit(Exceeded)?$/.test(code) && status === 503 ? "throttled" : undefined;
  },

  /** The codes for clock skew of both signature versions, and the one for an expired URL. */
  isAboutTime: ({ code, message = "" }) =>
    code === "RequestTimeTooSkewed" ||
    (code === "InvalidArgument" && /invalid signing date/i.test(message)) ||
    (code === "AccessDenied" && /request has expired/i.test(message)),

  /** A bit that flipped on the way is refused like this, and so is a clock that was just set. */
  mayBeSpurious: ({ code }) => code === "SignatureDoesNotMatch" || code === "RequestTimeTooSkewed",

  asksForCallback: (headers) => headers["x-oss-callback"] !== undefined,
  hintFor,
};

function hintFor(code: UploadErrorCode, asked: Asked, refusal: Refusal): string | undefined {
  const isAboutDomain = refusal.status === 403 && code !== "credentials" && !refusal.foreign;
  if (!isAboutDomain || !isDefaultMainland(asked.hostname)) return hintByCode(code, asked, refusal);
  return `${hintByCode(code, asked, refusal) ?? hintByCode("forbidden", asked, refusal)} ${domainRule}`;
}

function hintByCode(code: UploadErrorCode, asked: Asked, refusal: Refusal): string | undefined {
  const { missingPermission, endpoint } = refusal;
  switch (code) {
    case "forbidden": {
      const others =
        missingPermission === undefined
          ? "; tags and an ACL need oss:PutObjectTagging and oss:PutObjectAcl as well"
          : "";
      return `${grant(missingPermission ?? permissions[asked.action], asked.bucket)}${others}.`;
    }
    case "not-found":
      return `Is there a bucket "${asked.bucket}" at this endpoint?`;
    case "misconfigured":
      return endpoint === undefined
        ? "Pass the bucket's own endpoint, or the custom domain that is bound to it, as `endpoint` of ossStore()."
        : `The bucket is at ${endpoint}: pass that as \`endpoint\` of ossStore(), and its region.`;
    case "credentials":
      return ossDialect.isAboutTime(refusal)
        ? "The clock that the signature was made by is wrong by more than 15 minutes, or a signed URL came too late. A page corrects its clock by the answer if Date is in ExposeHeader."
        : "Look at what `credentials` or `signer` of ossStore() gives: key, secret, token and their expiration.";
    case "callback-failed":
      return "The object is stored. The application server named in `callback` did not answer 200 with JSON in 5 seconds.";
    default:
      return undefined;
  }
}

function grant(rights: string, bucket: string): string {
  return `Grant ${rights} on acs:oss:*:*:${bucket}/* to the RAM user or role that signs`;
}

function fromBase64(encoded: string): string | undefined {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0)));
  } catch {
    return undefined;
  }
}
