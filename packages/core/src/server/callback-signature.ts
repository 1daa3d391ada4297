/** The signature that OSS puts on its callbacks: RSA of an MD5, by PKCS #1 v1.5, which WebCrypto itself does not verify. */
import { md5 } from "./md5.js";

/** A public RSA key. */
export interface RsaKey {
  readonly modulus: bigint;
  readonly exponent: bigint;
  /** Bytes of the modulus. */
  readonly size: number;
}

/** What a key may be: smaller ones anybody can break, and with larger ones a forged call would cost too much to refuse. */
const leastBits = 512;
const mostBits = 4096;
const mostExponent = 2n ** 32n;
/** Text of a key of that size has fewer. */
const mostText = 4096;

/** Whether any key can have made it: it is as long as the key. Asked before a key is fetched for it. */
export function canBeSignature(bytes: Uint8Array): boolean {
  return bytes.length >= leastBits / 8 && bytes.length <= mostBits / 8;
}

/** ASN.1 of "an MD5 of 16 bytes follows". RFC 8017, section 9.2. */
const digestInfo = [
  0x30, 0x20, 0x30, 0x0c, 0x06, 0x08, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05, 0x05, 0, 0x04, 0x10,
];

/**
 * @param text PEM "PUBLIC KEY", or its base64 alone
 * @throws Error that says what is wrong with it
 */
export async function readPublicKey(text: string): Promise<RsaKey> {
  const der = text.length > mostText ? undefined : fromBase64(text.replace(/-----(BEGIN|END) PUBLIC KEY-----|\s/g, ""));
  if (der === undefined) throw new Error("it is no PEM of a public key");
  const { n = "", e = "" } = await exported(der);
  const modulus = number(fromBase64(n) ?? []);
  const exponent = number(fromBase64(e) ?? []);
  const bits = modulus.toString(2).length;
  if (bits < leastBits || bits > mostBits) throw new Error(`it has ${bits} bits; allowed are ${leastBits}–${mostBits}`);
  if (exponent < 3n || exponent >= mostExponent || exponent % 2n === 0n || modulus % 2n === 0n) {
    throw new Error("its exponent or modulus is none that RSA uses");
  }
  return { modulus, exponent, size: Math.ceil(bits / 8) };
}

async function exported(der: Uint8Array<ArrayBuffer>): Promise<JsonWebKey> {
  // The hash is for what WebCrypto would verify, and changes nothing of the key.
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  try {
    return await crypto.subtle.exportKey(
      "jwk",
      await crypto.subtle.importKey("spki", der, algorithm, true, ["verify"]),
    );
  } catch (cause) {
    throw new Error("it is no public key of RSA", { cause });
  }
}

/** Whether `signature` is the key's, of these bytes. */
export function isSignedBy(key: RsaKey, signature: Uint8Array, bytes: Uint8Array): boolean {
  const value = number(signature);
  if (signature.length !== key.size || value >= key.modulus) return false;
  // What has to come out is compared as a whole. Reading the padding instead would let forged ones through.
  const end = [0, ...digestInfo, ...md5(bytes)];
  const filled = new Array<number>(key.size - 2 - end.length).fill(0xff);
  return power(value, key.exponent, key.modulus) === number([0, 1, ...filled, ...end]);
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

function number(bytes: Iterable<number>): bigint {
  return BigInt(`0x0${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`);
}

/** Reads base64 and base64url, padded or not. @returns undefined for other text */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}
