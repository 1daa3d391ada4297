/** The public keys of OSS's callbacks: fetched from the one host that the service documents, and kept for an hour. */

import { orAborted } from "../or-aborted.js";
import { readBody } from "./bounded-body.js";
import { type RsaKey, readPublicKey } from "./callback-signature.js";

type Fetch = typeof globalThis.fetch;

/** A call names its key, so this host is asked whatever strangers write. Everything else in the URL is plain, and no other reading of it exists. */
const documented = /^https?:(\/\/gosspublic\.alicdn\.com\/[\w./-]{1,200})$/;
/** OSS waits five seconds for the answer to its call. */
const timeoutMs = 3000;
const keepMs = 3_600_000;
const mostKept = 8;
const mostKeyBytes = 4096;

interface Kept {
  readonly key: Promise<RsaKey>;
  readonly untilMs: number;
}

/** By the function that fetched them. */
const keptBy = new WeakMap<Fetch, Map<string, Kept>>();

/**
 * @param url as the service documents it, with http or https; https is what is fetched
 * @returns the address of the key; undefined if it is on another host, or anything in it is odd
 */
export function addressOfKey(url: string): string | undefined {
  const [, address] = documented.exec(url) ?? [];
  // The parser resolves "..": an address that it changes is none that the service writes.
  return address !== undefined && new URL(`https:${address}`).href === `https:${address}`
    ? `https:${address}`
    : undefined;
}

/**
 * @param address what `addressOfKey` returned
 * @throws Error if the key cannot be had
 */
export async function fetchedKey(address: string, fetch: Fetch): Promise<RsaKey> {
  const kept = keptBy.get(fetch) ?? new Map<string, Kept>();
  keptBy.set(fetch, kept);
  const known = kept.get(address);
  if (known !== undefined && known.untilMs > Date.now()) return await known.key;
  const key = download(address, fetch);
  const entry = { key, untilMs: Date.now() + keepMs };
  kept.delete(address);
  kept.set(address, entry);
  // The oldest goes first. Those that call with made-up names only make the key be fetched again.
  for (const oldest of [...kept.keys()].slice(0, -mostKept)) kept.delete(oldest);
  try {
    return await key;
  } catch (error) {
    if (kept.get(address) === entry) kept.delete(address);
    throw error;
  }
}

async function download(address: string, fetch: Fetch): Promise<RsaKey> {
  const signal = AbortSignal.timeout(timeoutMs);
  // A redirect could lead to any host. "manual", because edge runtimes do not know "error".
  const answer = await orAborted(fetch(address, { redirect: "manual", signal }), signal);
  if (answer.status !== 200) throw new Error(`it was answered ${answer.status}`);
  const body = await orAborted(readBody(answer.body, mostKeyBytes), signal);
  if (typeof body === "string") throw new Error(body === "too-large" ? "it is too large" : "it broke off");
  return await readPublicKey(new TextDecoder().decode(body));
}
