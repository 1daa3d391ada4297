/** A signer that signs on this page, with keys of the app, by the dialect's signature scheme. */
import type { BucketPlace } from "./bucket-place.js";
import type { CredentialsSource } from "./credentials.js";
import { cureAfter } from "./cure.js";
import { isForm } from "./is-form.js";
import type { SigningKeys } from "./read-credentials.js";
import type { ServiceClock } from "./service-clock.js";
import type { SignableRequest } from "./signable-request.js";
import type { Signer } from "./signer.js";

export interface SigningTools {
  readonly place: BucketPlace;
  readonly clock: ServiceClock;
  /** @returns all headers to send. @param atMs the service's time, milliseconds since the epoch */
  readonly sign: (request: SignableRequest, keys: SigningKeys, atMs: number) => Promise<Record<string, string>>;
  /** @returns all fields of the form of a PostObject, except the file. undefined: the dialect makes no such request */
  readonly signForm?: (request: SignableRequest, keys: SigningKeys, atMs: number) => Promise<Record<string, string>>;
}

/** Far below the 15 minutes that the service tolerates, and far above the time that a request travels. */
const noticeableSkewMs = 60_000;

export function signWithCredentials(source: CredentialsSource, { place, clock, sign, signForm }: SigningTools): Signer {
  return async (request, options) => {
    const credentials = await source.current(options);
    const offsetMs = clock.offsetMs;
    const fields = isForm(request) ? await signForm?.(request, credentials, clock.now()) : undefined;
    return {
      fields,
      url: fields === undefined ? place.urlOf(request.key, request.query) : place.urlOf("", {}),
      headers: fields === undefined ? await sign(request, credentials, clock.now()) : {},
      accepted: () => source.accepted(credentials),
      refused: ({ aboutTime, serverTimeMs, refusals }) => {
        if (!aboutTime) return source.refused(credentials, refusals);
        if (serverTimeMs !== undefined) clock.learn(serverTimeMs);
        // True also if another lane has corrected the clock since this request was signed.
        return Math.abs(clock.offsetMs - offsetMs) > noticeableSkewMs ? cureAfter(refusals) : "final";
      },
    };
  };
}
