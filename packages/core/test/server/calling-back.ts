/** Callbacks as OSS sends them, signed by Node's crypto, and what `verifyCallback` makes of them. */
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { type VerifyCallbackOptions, verifyCallback } from "../../src/server/index.js";

/** A key pair; the public half as PEM. */
export function keyOf(bits: number, exponent = 65_537) {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: bits, publicExponent: exponent });
  return { publicKey: publicKey.export({ type: "spki", format: "pem" }) as string, privateKey };
}

export const key = keyOf(1024);
export const form = "object=videos%2F1%2Fa.mp4&size=5";
export const address = "https://gosspublic.alicdn.com/callback_pub_key_v1.pem";

interface Call {
  readonly url: string;
  /** What OSS signed as path and query, if it is not what arrives. */
  readonly signed: string;
  readonly body: string;
  readonly type: string;
  readonly by: KeyObject;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** A callback as OSS sends it, but for what a test says. */
export function calling(given: Partial<Call> = {}): Request {
  const { url = "https://app.example/api/stored", body = form, by = key.privateKey } = given;
  const { pathname, search } = new URL(url);
  const { signed = decodeURIComponent(pathname) + search, type = "application/x-www-form-urlencoded" } = given;
  const headers = {
    "content-type": type,
    authorization: sign("md5", Buffer.from(`${signed}\n${body}`), by).toString("base64"),
    "x-oss-pub-key-url": btoa(address),
    ...given.headers,
  };
  const present = Object.entries(headers).filter((header): header is [string, string] => header[1] !== undefined);
  return new Request(url, { method: "POST", headers: present, body });
}

/** How the call was refused: code and status. */
export async function refusalOf(request: Request, options: VerifyCallbackOptions = { publicKey: key.publicKey }) {
  const answer = await verifyCallback(request, options).then(
    () => "believed",
    (error: { code: string; status?: number }) => [error.code, error.status],
  );
  return answer;
}
export const forged = ["forbidden", 403];
