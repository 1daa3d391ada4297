/** Seam: signs requests, with keys on this page or by asking the application server. Types only. */
import type { CallOptions } from "../object-store.js";
import type { Cure } from "./cure.js";
import type { SignableRequest } from "./signable-request.js";

/** A request that is ready to be sent. */
export interface SignedCall {
  readonly url: string;
  /** All headers to send; none with `fields`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The fields of a form, in which the body is the last one. undefined: the body is sent as it is. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
  /** Call it if the service took the signature. */
  accepted(): void;
  /** Call it if the service refused the signature. @returns whether, and when, the call may be repeated with another signature */
  refused(why: SignatureRefusal): Cure;
}

export interface SignatureRefusal {
  /** True if a clock is wrong, or a signed URL has expired. */
  readonly aboutTime: boolean;
  /** The service's time, milliseconds since the epoch. */
  readonly serverTimeMs: number | undefined;
  /** How often a signature of this call was refused before. */
  readonly refusals: number;
}

/**
 * @param bodyBytes how many bytes the request will carry
 * @returns with `fields` if the request is a PostObject, and only then
 * @throws UploadError "credentials"; the app's own. The signal's reason
 */
export type Signer = (
  request: SignableRequest,
  options: Pick<CallOptions, "signal" | "onWaiting">,
  bodyBytes?: number,
) => Promise<SignedCall>;
