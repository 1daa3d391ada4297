/** The known permanent access keys and STS tokens. Secrets stay here and in the verifier. */
import { randomBytes } from "node:crypto";
import { permissions as allPermissions, type Permission } from "../action.js";

/** A permanent access key. */
export interface Account {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Default: all permissions. */
  readonly permissions?: readonly Permission[];
}

/** The two error codes that real services give for an expired token. */
export type ExpiredTokenCode = "SecurityTokenExpired" | "InvalidAccessKeyId";

/** A temporary key with its token, in the fields of STS AssumeRole's answer. */
export interface TokenCredentials {
  readonly AccessKeyId: string;
  readonly AccessKeySecret: string;
  readonly SecurityToken: string;
  /** When the token expires: ISO 8601 in UTC, such as 2026-01-31T12:00:00Z, by the service's clock. */
  readonly Expiration: string;
}

/** The options of `issueToken`. */
export interface TokenOptions {
  /** Milliseconds from now, in real time. */
  readonly expiresInMs: number;
  /** Default: all permissions. */
  readonly permissions?: readonly Permission[];
  /** The token is good only for keys that begin with it, and for no operation on the whole bucket. Default: no limit. */
  readonly policyPrefix?: string;
}

/** The access key that signed a request. */
export interface Principal {
  readonly accessKeyId: string;
  readonly secret: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly policyPrefix: string | undefined;
  /** Undefined for a permanent key. `expiredAs` is undefined while the token is good. */
  readonly token: { readonly text: string; readonly expiredAs: ExpiredTokenCode | undefined } | undefined;
}

interface KnownKey {
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
  readonly #keys = new Map<string, KnownKey>();
  readonly #now: () => number;
  readonly #expiredAs: ExpiredTokenCode;

  /** @param now real time, because a skewed clock of the service does not age tokens */
  constructor(accounts: readonly Account[], expiredAs: ExpiredTokenCode, now: () => number) {
    this.#now = now;
    this.#expiredAs = expiredAs;
    for (const { accessKeyId, accessKeySecret, permissions = allPermissions } of accounts) {
      this.#keys.set(accessKeyId, {
        secret: accessKeySecret,
        permissions: new Set(permissions),
        policyPrefix: undefined,
        token: undefined,
      });
    }
  }

  /** @param clockOffsetMs milliseconds that the service's clock is ahead. `Expiration` is in the service's time */
  issueToken(options: TokenOptions, clockOffsetMs: number): TokenCredentials {
    const accessKeyId = `STS.${randomName(25)}`;
    const secret = randomName(44);
    // Real tokens are Base64. Each token here holds +, / and =, which a query string loses if a client does not encode them.
    const text = `CAIS+/${randomBytes(180).toString("base64")}==`;
    const expiresAt = this.#now() + options.expiresInMs;
    this.#keys.set(accessKeyId, {
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
    const entry = this.#keys.get(accessKeyId);
    if (entry === undefined) return undefined;
    const { secret, permissions, policyPrefix, token } = entry;
    if (token === undefined) return { accessKeyId, secret, permissions, policyPrefix, token: undefined };
    const expiredAs = token.expiredAs ?? (this.#now() >= token.expiresAt ? this.#expiredAs : undefined);
    return { accessKeyId, secret, permissions, policyPrefix, token: { text: token.text, expiredAs } };
  }

  setPermissions(accessKeyId: string, permissions: readonly Permission[]): void {
    const entry = this.#keys.get(accessKeyId);
    if (entry === undefined) throw new Error(`setPermissions: there is no access key "${accessKeyId}"`);
    entry.permissions = new Set(permissions);
  }

  /** Forgets a token, so that its key is unknown. @returns false if there is no such token */
  revokeToken(accessKeyId: string): boolean {
    return this.#keys.get(accessKeyId)?.token !== undefined && this.#keys.delete(accessKeyId);
  }

  /** Makes all tokens expire now, or only that of `accessKeyId`. @returns the number of tokens */
  expireTokens(expiredAs: ExpiredTokenCode = this.#expiredAs, accessKeyId?: string): number {
    const tokens = [...this.#keys]
      .filter(([id]) => accessKeyId === undefined || id === accessKeyId)
      .flatMap(([, { token }]) => (token === undefined ? [] : [token]));
    for (const token of tokens) token.expiredAs = expiredAs;
    return tokens.length;
  }
}
