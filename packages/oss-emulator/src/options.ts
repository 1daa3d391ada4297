/** What an emulator is started with. Defaults and checks. */
import type { Account, ExpiredTokenCode } from "./auth/accounts.js";
import { type CorsRule, checkCorsRules, defaultCorsRules } from "./cors.js";
import type { BucketAcl } from "./service.js";
import type { Hashing } from "./storage/body-digests.js";

export interface BucketOptions {
  /** 3 to 63 of a–z, 0–9 and -. */
  readonly name: string;
  /** Default: every origin, method and header, with everything exposed that a browser uploader reads. */
  readonly cors?: readonly CorsRule[];
  /** Default: "private". */
  readonly acl?: BucketAcl;
  /** Host names (without port) that mean this bucket, as a CNAME does. */
  readonly domains?: readonly string[];
}

export interface EmulatorOptions {
  /** Directory of objects, uploads and parts. Made if need be; a second emulator on it is refused. */
  readonly data: string;
  /** At least one. */
  readonly buckets: readonly (string | BucketOptions)[];
  /** Default: any free one. */
  readonly port?: number;
  /** Address to listen on. Default: 127.0.0.1. */
  readonly host?: string;
  /** Region that V4 signatures must name. Default: cn-hangzhou. */
  readonly region?: string;
  /** Default: `defaultAccount`, with every permission. */
  readonly accounts?: readonly Account[];
  /** Milliseconds since the epoch. Default: this machine's clock. */
  readonly now?: () => number;
  /** What an expired token is answered; both occur in the field. Default: SecurityTokenExpired. */
  readonly expiredTokenAnswer?: ExpiredTokenCode;
  /** Whether ListParts gives HashCrc64ecma. Default: true. */
  readonly listPartsCrc?: boolean;
  /**
   * Throws the bytes away, for benchmarks; reading gives zeros. `hash` says which bodies are digested: all (`true`), none
   * (`false`: no CRC-64 is answered, and the ETag is the client's word), or the first of each length (`"once"`: the answers
   * are right as long as bodies of one length in one bucket are the same bytes, and cost no time). Default: false.
   */
  readonly sink?: boolean | { readonly hash: boolean | "once" };
  /**
   * Milliseconds that a client may be silent in the middle of a request's head or body; then its connection ends. A slow one is
   * not silent, and what a fault or a throttled line holds up is not counted. 0: for ever. Default: 60,000.
   */
  readonly clientTimeoutMs?: number;
  /** Whether `/_emulator/` on the same port is the control API. Default: false. */
  readonly control?: boolean;
}

/** The key that an emulator knows when it is told no other. */
export const defaultAccount = {
  accessKeyId: "emulator-access-key-id",
  accessKeySecret: "emulator-access-key-secret",
} as const satisfies Account;

/** @throws TypeError for a name that the service would refuse, or rules that make no sense */
export function resolveBucket(bucket: string | BucketOptions): Required<BucketOptions> {
  const {
    name,
    cors = defaultCorsRules,
    acl = "private",
    domains = [],
  } = typeof bucket === "string" ? { name: bucket } : bucket;
  if (!/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(name)) {
    throw new TypeError(`bucket "${name}": a name is 3 to 63 of a-z, 0-9 and -, and neither begins nor ends with -`);
  }
  checkCorsRules(cors);
  return { name, cors, acl, domains: domains.map((domain) => domain.toLowerCase()) };
}

export function resolveSink(sink: EmulatorOptions["sink"]): { readonly isSink: boolean; readonly hashing: Hashing } {
  const hash = typeof sink === "object" ? sink.hash : true;
  const hashing = hash === "once" ? "once" : hash ? "all" : "none";
  return { isSink: sink !== undefined && sink !== false, hashing };
}
