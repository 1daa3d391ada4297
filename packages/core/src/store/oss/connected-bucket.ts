/** A bucket of OSS as this page is connected to it: who signs, what time it is there, and how a request is made. */
import { type BucketCall, type BucketConnection, bucketCall } from "../bucket/call.js";
import { type CredentialsSource, credentialsSource } from "../bucket/credentials.js";
import { type SigningTools, signWithCredentials } from "../bucket/key-signer.js";
import { signRemotely } from "../bucket/remote-signer.js";
import { type ServiceClock, serviceClock } from "../bucket/service-clock.js";
import type { Signer } from "../bucket/signer.js";
import { unreadableAnswers } from "../bucket/unreadable.js";
import type { StoreTools } from "../store-connection.js";
import type { OssPlace } from "./addressing.js";
import { Forms } from "./forms.js";
import { readOssCredentials } from "./oss-credentials.js";
import { ossDialect } from "./oss-dialect.js";
import type { SigningOptions } from "./oss-options.js";
import { signPostV4 } from "./sign-post-v4.js";
import { signV1 } from "./sign-v1.js";
import { signV4 } from "./sign-v4.js";

export interface ConnectedBucket extends BucketConnection {
  readonly call: BucketCall;
  readonly forms: Forms;
  /** Credentials to sign with, without asking the app. */
  readonly inHand: CredentialsSource["inHand"];
}

/** OSS refuses a signature by a clock that is further off. */
const toleratedSkewMs = 900_000;

/** As long as a signature in a header is good. */
const formExpiresInSeconds = 900;

/** Each connection has credentials and a clock of its own. @param options that `ossStore` has checked */
export function connectBucket(options: SigningOptions, place: OssPlace, tools: StoreTools): ConnectedBucket {
  // A server that signs says nothing of the page's clock.
  const clock = serviceClock(tools.now, options.signer === undefined ? toleratedSkewMs : Number.POSITIVE_INFINITY);
  const { sign, renew, inHand } = signerFor(options, place, clock, tools.sleep);
  const unreadable = unreadableAnswers({ place, clock, tools, renew });
  const connection = { dialect: ossDialect, place, clock, tools, sign, unreadable };
  const { signer, signature = "v4" } = options;
  const forms = new Forms(tools.smallFiles === "post" && (signer !== undefined || signature === "v4"));
  return { ...connection, call: bucketCall(connection), forms, inHand };
}

/** @returns how requests are signed, and how another key is asked for: a server that signs each request has none to renew */
function signerFor(
  { credentials, signer, signature = "v4" }: SigningOptions,
  place: OssPlace,
  clock: ServiceClock,
  sleep: StoreTools["sleep"],
): { readonly sign: Signer; readonly renew: () => void; readonly inHand: CredentialsSource["inHand"] } {
  const { adapter } = ossDialect;
  if (signer !== undefined)
    return { sign: signRemotely(signer, adapter, clock, sleep), renew: () => {}, inHand: () => undefined };
  const source = credentialsSource(credentials, { adapter, read: readOssCredentials }, clock, sleep);
  const sign: SigningTools["sign"] = (request, keys, atMs) =>
    signature === "v1" ? signV1(request, keys, atMs) : signV4(request, keys, { region: place.region }, atMs);
  const { region } = place;
  const signForm: SigningTools["signForm"] = (request, keys, atMs) =>
    signPostV4(request, keys, { region }, { atMs, expiresInSeconds: formExpiresInSeconds });
  return {
    sign: signWithCredentials(source, { place, clock, sign, signForm }),
    renew: () => source.doubted(),
    inHand: () => source.inHand(),
  };
}
