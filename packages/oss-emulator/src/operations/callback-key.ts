/** The key that signs callbacks, and the signature itself, as the service makes it: RSA with MD5. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

export interface CallbackKey {
  /** PEM, SPKI. */
  readonly publicKey: string;
  /** @returns the `authorization` of a call to `url` with that body: base64 */
  sign(url: URL, body: string): string;
}

/**
 * @param given PEM of a private RSA key; undefined for a key of its own, which is made when it is first needed
 * @throws TypeError for another text
 */
export function callbackKey(given: string | undefined): CallbackKey {
  let known = given === undefined ? undefined : readKey(given);
  const privateKey = () => {
    known ??= generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
    return known;
  };
  return {
    get publicKey() {
      return createPublicKey(privateKey()).export({ type: "spki", format: "pem" }).toString();
    },
    sign: (url, body) => {
      const signed = `${decoded(url.pathname)}${url.search}\n${body}`;
      return sign("md5", Buffer.from(signed), privateKey()).toString("base64");
    },
  };
}

function readKey(text: string): KeyObject {
  try {
    const key = createPrivateKey(text);
    if (key.asymmetricKeyType === "rsa") return key;
  } catch {
    // Refused below: the error of Node could quote the key.
  }
  throw new TypeError("callbackKey is not the PEM of a private RSA key");
}

/** A path that is no percent-encoded UTF-8 is signed as it is: what the service does with one is not known. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
