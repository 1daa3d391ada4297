/** The options of an emulator, their defaults and checks. */
import type { Account, ExpiredTokenCode } from "./auth/accounts.js";
import { type CorsRule, checkCorsRules, defaultCorsRules } from "./cors.js";
import type { BucketAcl } from "./service.js";
import type { Hashing } from "./storage/body-digests.js";

/** A bucket that the emulator serves. */
export interface BucketOptions {
  /** 3 to 63 of a–z, 0–9 and -. Neither begins nor ends with -. */
  readonly name: string;
  /** At most 10 rules. Default: `defaultCorsRules`, which let every page upload. */
  readonly cors?: readonly CorsRule[];
  /** Default: "private". */
  readonly acl?: BucketAcl;
  /** Host names (without port) that mean this bucket, as a CNAME does. Default: none. */
  readonly domains?: readonly string[];
  /**
   * Whether objects are reached by `domains` alone, as those of a mainland bucket whose owner became a customer after 2025-03-20. By any other
   * host they are refused with `EmulatorOwnDomainOnly`: which code the service has is not known, and this one is of the emulator's own
   * invention. Default: false.
   */
  readonly ownDomainOnly?: boolean;
}

/** The options of `startEmulator`. */
export interface EmulatorOptions {
  /** Path of the directory for objects, uploads and parts. It is made if it does not exist. Only one emulator can use it at a time. */
  readonly data: string;
  /** Names, or names with options. At least one. */
  readonly buckets: readonly (string | BucketOptions)[];
  /** TCP port, 0 for any free one. Default: 0. */
  readonly port?: number;
  /** Address to listen on. Any other than a loopback address opens the buckets to a network. Default: 127.0.0.1. */
  readonly host?: string;
  /** Region that V4 signatures must name. Default: cn-hangzhou. */
  readonly region?: string;
  /** The permanent access keys. Default: `defaultAccount` alone, with every permission. */
  readonly accounts?: readonly Account[];
  /** The clock, in milliseconds since the epoch. Default: this machine's. */
  readonly now?: () => number;
  /** The error code for an expired token. Real services give either. Default: SecurityTokenExpired. */
  readonly expiredTokenAnswer?: ExpiredTokenCode;
  /** Whether ListParts gives HashCrc64ecma. Default: true. */
  readonly listPartsCrc?: boolean;
  /** Whether the answer to PostObject gives `x-oss-hash-crc64ecma`. Whether real services do is not known. Default: true. */
  readonly postObjectCrc?: boolean;
  /**
   * Throws the bytes away, for benchmarks; reading an object gives zeros. `true` digests all bodies, and so does
   * `{ hash: true }`. Default: false.
   *
   * - `{ hash: false }` digests none: answers have no CRC-64, and the ETag is the client's Content-MD5, or random without one.
   * - `{ hash: "once" }` digests the first body of each length. It costs no time afterwards, and the answers are right if all
   *   bodies of one length in a bucket have the same bytes.
   */
  readonly sink?: boolean | { readonly hash: boolean | "once" };
  /**
   * Milliseconds without a byte, in the middle of a request, after which the client's connection ends. Time in which a fault or
   * a throttled network holds the client up does not count. 0: never. Default: 60,000.
   */
  readonly clientTimeoutMs?: number;
  /** PEM of the private RSA key that signs callbacks. Default: one that this emulator makes for itself. */
  readonly callbackKey?: string;
  /** Whether the control API is served under `/_emulator/` on the same port. Default: false. */
  readonly control?: boolean;
  /**
   * Whether `/_emulator/sts` hands tokens to programs and pages of this machine, in the place of an application's server. Default: what
   * `control` is, which has it as well.
   */
  readonly tokens?: boolean;
}

/** The access key of an emulator that was given no other. */
export const defaultAccount = {
  accessKeyId: "emulator-access-key-id",
  accessKeySecret: "emulator-access-key-secret",
} as const satisfies Account;

/** Fills in the defaults. @throws TypeError for a name or CORS rules that the service would refuse */
export function resolveBucket(bucket: string | BucketOptions): Required<BucketOptions> {
  const {
    name,
    cors = defaultCorsRules,
    acl = "private",
    domains = [],
    ownDomainOnly = false,
  } = typeof bucket === "string" ? { name: bucket } : bucket;
  if (!/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(name)) {
    throw new TypeError(`bucket "${name}": a name is 3 to 63 of a-z, 0-9 and -, and neither begins nor ends with -`);
  }
  checkCorsRules(cors);
  return { name, cors, acl, domains: domains.map((domain) => domain.toLowerCase()), ownDomainOnly };
}

export function resolveSink(sink: EmulatorOptions["sink"]): { readonly isSink: boolean; readonly hashing: Hashing } {
  const hash = typeof sink === "object" ? sink.hash : true;
  const hashing = hash === "once" ? "once" : hash ? "all" : "none";
  return { isSink: sink !== undefined && sink !== false, hashing };
}
