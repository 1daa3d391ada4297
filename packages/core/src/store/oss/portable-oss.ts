/** What of `ossStore()` goes along to the worker that goes on after the page: a token in hand, or where to ask for signatures. */
import type { ActiveCredentials } from "../bucket/read-credentials.js";
import type { PortableStore } from "../portable-store.js";
import type { OssStoreOptions, PlaceOptions, SigningOptions } from "./oss-options.js";
import { type PortableSigner, signAt } from "./sign-at.js";

interface MadeOss {
  readonly place: PlaceOptions;
  readonly signature: SigningOptions["signature"];
  readonly credentials?: ActiveCredentials | undefined;
  /** Of `signAt`: an absolute URL, and what its `init` last gave. */
  readonly ask?: { readonly url: string; readonly init: RequestInit } | undefined;
}

const kind = "oss";

/** @param inHand the credentials to sign with, if any are there and good. @returns undefined where nobody could sign without the page */
export function portableOss(
  place: PlaceOptions,
  { signature, signer }: SigningOptions,
  inHand: () => ActiveCredentials | undefined,
): PortableStore | undefined {
  const ask = (signer as Partial<PortableSigner> | undefined)?.portable?.();
  const credentials = signer === undefined ? inHand() : undefined;
  if (ask === undefined && credentials === undefined) return undefined;
  return { kind, made: { place, signature, credentials, ask } satisfies MadeOss };
}

/** @returns the options of the same store; undefined for a store of another kind */
export function ossOptionsOf(portable: PortableStore): OssStoreOptions | undefined {
  if (portable.kind !== kind) return undefined;
  const { place, signature, credentials, ask } = portable.made as MadeOss;
  if (ask !== undefined) return { ...place, signature, signer: signAt(ask.url, ask.init) };
  if (credentials === undefined) return undefined;
  const { expiresAtMs, ...keys } = credentials;
  return { ...place, signature, credentials: { ...keys, expiration: expiresAtMs } };
}
