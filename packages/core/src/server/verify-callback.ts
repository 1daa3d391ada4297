/** Whether a callback comes from OSS. Needs WebCrypto, and neither DOM nor Node. */

import { UploadError } from "../errors.js";
import { readBody } from "./bounded-body.js";
import { addressOfKey, fetchedKey } from "./callback-keys.js";
import { canBeSignature, fromBase64, isSignedBy, type RsaKey, readPublicKey } from "./callback-signature.js";

/** Options of `verifyCallback()`. */
export interface VerifyCallbackOptions {
  /**
   * The key that must have signed, as PEM: for a server that may not call out, and for the emulator, which signs with a key of its
   * own. Default: the key that the call names, if it is on the host that the service documents, by https.
   */
  readonly publicKey?: string | undefined;
  /**
   * Path and query as `callbackUrl` has them, e.g. "/api/stored?v=1", for a server behind a proxy that rewrites them. A path without
   * "?" leaves the query as it came. Default: those of the request.
   */
  readonly path?: string | undefined;
  /** Fetches the key; e.g. one that uses a proxy. Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** What a genuine callback says. */
export interface VerifiedCallback {
  /** The fields of a form, or of an object of JSON, by the call's Content-Type. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The body as it came. */
  readonly raw: Uint8Array;
}

const mostBytes = 1024 * 1024;

/**
 * Verifies the signature that OSS puts on its callbacks, and reads the body, once and at most 1 MiB of it. The signature says that OSS
 * sent this call. It does not say for whom: every customer of OSS can have it call your server, with any body. Look the object up in your
 * own bucket before you believe that it is there.
 *
 * @param request as it came: its body must not have been read
 * @throws UploadError "forbidden" with the status 403 if it is not signed by OSS; "rejected" with the status 400, or 413 for a larger
 *   body; "server" with the status 502 if the key could not be fetched; "invalid-option"
 * @see https://help.aliyun.com/zh/oss/developer-reference/callback
 */
export async function verifyCallback(request: Request, options: VerifyCallbackOptions = {}): Promise<VerifiedCallback> {
  const given = options.publicKey === undefined ? undefined : await readGiven(options.publicKey);
  if (request.bodyUsed) {
    throw new UploadError("invalid-option", "verifyCallback: the body of the request has been read already", {
      hint: "Call it before anything that parses bodies: the signature is over the bytes as they came.",
    });
  }
  const signature = fromBase64(request.headers.get("authorization") ?? "");
  if (signature === undefined || !canBeSignature(signature)) throw forged("it has no signature in `authorization`");
  const signed = signedAddress(request.url, options.path);
  const raw = await bodyOf(request);
  const key = given ?? (await namedKey(request, options.fetch ?? globalThis.fetch));
  if (!isSignedBy(key, signature, joined(new TextEncoder().encode(`${signed}\n`), raw))) {
    throw forged("the signature is not of this path, query and body");
  }
  return { body: fieldsOf(raw, request.headers.get("content-type") ?? ""), raw };
}

async function readGiven(publicKey: string): Promise<RsaKey> {
  try {
    return await readPublicKey(publicKey);
  } catch (cause) {
    throw new UploadError("invalid-option", `verifyCallback: publicKey: ${(cause as Error).message}`, { cause });
  }
}

/** @throws UploadError */
async function namedKey(request: Request, fetch: typeof globalThis.fetch): Promise<RsaKey> {
  const named = fromBase64(request.headers.get("x-oss-pub-key-url") ?? "");
  const address = named === undefined ? undefined : addressOfKey(String.fromCharCode(...named));
  if (address === undefined) throw forged("`x-oss-pub-key-url` names no key of OSS");
  try {
    return await fetchedKey(address, fetch);
  } catch (cause) {
    const problem = `The key of the callback, ${address}, could not be fetched: ${(cause as Error).message}`;
    throw new UploadError("server", problem, { status: 502, cause });
  }
}

/** The path, decoded, and the query, as it is: both are signed so. */
function signedAddress(url: string, given: string | undefined): string {
  const { pathname, search } = new URL(url);
  const address = given ?? pathname;
  const at = address.indexOf("?");
  const [path, query] = at < 0 ? [address, search] : [address.slice(0, at), address.slice(at)];
  try {
    return `${decodeURIComponent(path)}${query}`;
  } catch {
    throw refused("its path is no percent-encoded UTF-8");
  }
}

async function bodyOf(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  const read = await readBody(request.body, mostBytes);
  if (read === "broke-off") throw refused("its body broke off");
  if (read === "too-large") throw refused(`its body has more than ${mostBytes} bytes`, 413);
  return read;
}

function fieldsOf(raw: Uint8Array, type: string): Readonly<Record<string, unknown>> {
  const text = new TextDecoder().decode(raw);
  if (!/^application\/json\b/i.test(type)) return Object.fromEntries(new URLSearchParams(text));
  const read = parsed(text);
  if (typeof read === "object" && read !== null && !Array.isArray(read)) return read as Record<string, unknown>;
  throw refused("its body is no object of JSON");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function joined(begin: Uint8Array, end: Uint8Array): Uint8Array {
  const whole = new Uint8Array(begin.length + end.length);
  whole.set(begin);
  whole.set(end, begin.length);
  return whole;
}

function forged(problem: string): UploadError {
  return new UploadError("forbidden", `The callback is not from OSS: ${problem}`, { status: 403 });
}

function refused(problem: string, status = 400): UploadError {
  return new UploadError("rejected", `The callback cannot be read: ${problem}`, { status });
}
