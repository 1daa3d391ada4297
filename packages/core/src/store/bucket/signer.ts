/** Seam: who makes a request acceptable to the service, with keys on this page or by asking the application server. Types only. */
import type { CallOptions } from "../object-store.js";
import type { Cure } from "./cure.js";
import type { SignableRequest } from "./signable-request.js";

/** A request that may leave now. */
export interface SignedCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The service took the signature. */
  accepted(): void;
  /** The service refused it. @returns whether, and when, the same call has a chance, signed again */
  refused(why: SignatureRefusal): Cure;
}

export interface SignatureRefusal {
  /** Clock skew, or a signed URL that came too late. */
  readonly aboutTime: boolean;
  readonly serverTimeMs: number | undefined;
  /** How often the signature of this very call was refused before. */
  readonly refusals: number;
}

/**
 * @param bodyBytes how much the request will carry
 * @throws UploadError "credentials"
 */
export type Signer = (
  request: SignableRequest,
  options: Pick<CallOptions, "signal" | "onWaiting">,
  bodyBytes?: number,
) => Promise<SignedCall>;
