/** Who may ask: permanent access keys and STS tokens. Secrets stay here and in the verifier. */
import { randomBytes } from "node:crypto";
import { permissions as allPermissions, type Permission } from "../action.js";

export interface Account {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Default: all. */
  readonly permissions?: readonly Permission[];
}

/** The two answers real services give to an expired token. */
export type ExpiredTokenCode = "SecurityTokenExpired" | "InvalidAccessKeyId";

/** As STS AssumeRole answers, field for field. */
export interface TokenCredentials {
  readonly AccessKeyId: string;
  readonly AccessKeySecret: string;
  readonly SecurityToken: string;
  /** ISO 8601, UTC, seconds. */
  readonly Expiration: string;
}

export interface TokenOptions {
  readonly expiresInMs: number;
  /** Default: all. */
  readonly permissions?: readonly Permission[];
  /** Keys must begin with it; operations on the bucket as a whole are then refused. */
  readonly policyPrefix?: string;
}

export interface Principal {
  readonly accessKeyId: string;
  readonly secret: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly policyPrefix: string | undefined;
  readonly token: { readonly text: string; readonly expiredAs: ExpiredTokenCode | undefined } | undefined;
}

interface Entry {
  secret: string;
  permissions: ReadonlySet<Permission>;
  policyPrefix: string | undefined;
  token: { text: string; expiresAt: number; expiredAs: ExpiredTokenCode | undefined } | undefined;
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

function randomName(length: number): string {
  return Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join("");
}

export class Accounts {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;
  readonly #expiredAs: ExpiredTokenCode;

  /** @param now real time: a skewed service clock does not age tokens */
  constructor(accounts: readonly Account[], expiredAs: ExpiredTokenCode, now: () => number) {
    this.#now = now;
    this.#expiredAs = expiredAs;
    for (const { accessKeyId, accessKeySecret, permissions = allPermissions } of accounts) {
      this.#entries.set(accessKeyId, {
        secret: accessKeySecret,
        permissions: new Set(permissions),
        policyPrefix: undefined,
        token: undefined,
      });
    }
  }

  /** @param clockOffsetMs what the service's clock adds: `Expiration` is told in the service's time */
  issueToken(options: TokenOptions, clockOffsetMs: number): TokenCredentials {
    const accessKeyId = `STS.${randomName(25)}`;
    const secret = randomName(44);
    // Real tokens are Base64; these three characters are the ones that unencoded query strings lose.
    const text = `CAIS+/${randomBytes(180).toString("base64")}==`;
    const expiresAt = this.#now() + options.expiresInMs;
    this.#entries.set(accessKeyId, {
      secret,
      permissions: new Set(options.permissions ?? allPermissions),
      policyPrefix: options.policyPrefix,
      token: { text, expiresAt, expiredAs: undefined },
    });
    return {
      AccessKeyId: accessKeyId,
      AccessKeySecret: secret,
      SecurityToken: text,
      Expiration: `${new Date(expiresAt + clockOffsetMs).toISOString().slice(0, 19)}Z`,
    };
  }

  find(accessKeyId: string): Principal | undefined {
    const entry = this.#entries.get(accessKeyId);
    if (entry === undefined) return undefined;
    const { secret, permissions, policyPrefix, token } = entry;
    if (token === undefined) return { accessKeyId, secret, permissions, policyPrefix, token: undefined };
    const expiredAs = token.expiredAs ?? (this.#now() >= token.expiresAt ? this.#expiredAs : undefined);
    return { accessKeyId, secret, permissions, policyPrefix, token: { text: token.text, expiredAs } };
  }

  setPermissions(accessKeyId: string, permissions: readonly Permission[]): void {
    const entry = this.#entries.get(accessKeyId);
    if (entry === undefined) throw new Error(`setPermissions: there is no access key "${accessKeyId}"`);
    entry.permissions = new Set(permissions);
  }

  /** Forgets a token: its key is then unknown. @returns whether there was one */
  revokeToken(accessKeyId: string): boolean {
    return this.#entries.get(accessKeyId)?.token !== undefined && this.#entries.delete(accessKeyId);
  }

  /** Ends tokens now. @returns how many */
  expireTokens(expiredAs: ExpiredTokenCode = this.#expiredAs, accessKeyId?: string): number {
    const tokens = [...this.#entries]
      .filter(([id]) => accessKeyId === undefined || id === accessKeyId)
      .flatMap(([, { token }]) => (token === undefined ? [] : [token]));
    for (const token of tokens) token.expiredAs = expiredAs;
    return tokens.length;
  }
}
