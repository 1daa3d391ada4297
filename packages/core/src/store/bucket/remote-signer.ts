/** Seam: who makes a request acceptable to the service, with keys on this page or by asking the application server. */
import { isUploadError, type UploadError } from "../../errors.js";
import type { CallOptions } from "../object-store.js";
import type { OssPlace } from "../oss/addressing.js";
import type { OssStoreOptions, RequestSigner, SignableRequest } from "../oss/oss-options.js";
import { signV1 } from "../oss/sign-v1.js";
import { signV4 } from "../oss/sign-v4.js";
import { askApp, type Sleep } from "./ask-app.js";
import type { CredentialsSource } from "./credentials.js";
import type { ServiceClock } from "./service-clock.js";
import { type SharedCall, shareCall } from "./shared-call.js";
import { readSigned, type Signed, wrongAnswer } from "./signed-answer.js";

/** A request that may leave now. */
export interface SignedCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The service took the signature. */
  accepted(): void;
  /** The service refused it. @returns whether the same call, signed again, has a chance */
  refused(why: SignatureRefusal): boolean;
}

export interface SignatureRefusal {
  /** Clock skew, or a signed URL that came too late. */
  readonly aboutTime: boolean;
  readonly serverTimeMs: number | undefined;
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

export interface SigningTools {
  readonly place: OssPlace;
  readonly clock: ServiceClock;
}

// Far below the 15 minutes that the service tolerates, far above what a request takes to get there.
const noticeableSkewMs = 60_000;
const largestBatch = 100;

export function signWithCredentials(
  source: CredentialsSource,
  version: NonNullable<OssStoreOptions["signature"]>,
  { place, clock }: SigningTools,
): Signer {
  return async (request, options) => {
    const credentials = await source.current(options);
    const offsetMs = clock.offsetMs;
    const headers = await (version === "v1"
      ? signV1(request, credentials, clock.now())
      : signV4(request, credentials, { region: place.region }, clock.now()));
    return {
      url: place.urlOf(request.key, request.query),
      headers,
      accepted: () => source.accepted(credentials),
      refused: ({ aboutTime, serverTimeMs }) => {
        if (!aboutTime) return source.refused(credentials);
        if (serverTimeMs !== undefined) clock.learn(serverTimeMs);
        // Also true when another lane has learnt it meanwhile.
        return Math.abs(clock.offsetMs - offsetMs) > noticeableSkewMs;
      },
    };
  };
}

interface Asking {
  readonly request: SignableRequest;
  cancelled: boolean;
}

interface Batch {
  readonly entries: Asking[];
  readonly call: SharedCall<ReadonlyMap<Asking, Signed | UploadError>>;
}

/** Requests that come within one task of the event loop go to the app together, at most 100 at once. */
export function signRemotely(signRequests: RequestSigner, clock: ServiceClock, sleep?: Sleep): Signer {
  let open: Batch | undefined;

  async function ask(wanted: readonly Asking[], signal: AbortSignal): Promise<Map<Asking, Signed | UploadError>> {
    const requests = wanted.map((entry) => entry.request);
    const purpose = `to sign ${requests.length} request(s)`;
    const askSigner = async (stop: AbortSignal): Promise<unknown> => await signRequests(requests, { signal: stop });
    try {
      const signed = readSigned(await askApp({ option: "signer", purpose, ask: askSigner }, signal, sleep), requests);
      return new Map(wanted.flatMap((entry, index) => (signed[index] ? [[entry, signed[index]]] : [])));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const [entry, ...others] = wanted;
      if (entry !== undefined && others.length === 0) {
        return new Map([[entry, error.with({ partNumber: partNumberOf(entry.request) })]]);
      }
      // The app has refused one of them, or some: the other uploads of this page are not to fail along with it.
      const alone = await Promise.all(wanted.map((one) => ask([one], signal)));
      return new Map(alone.flatMap((answer) => [...answer]));
    }
  }

  function openBatch(): Batch {
    const entries: Asking[] = [];
    const batch: Batch = {
      entries,
      call: shareCall(async (signal) => {
        await nextTask();
        if (open === batch) open = undefined;
        signal.throwIfAborted();
        return await ask(
          entries.filter((entry) => !entry.cancelled),
          signal,
        );
      }),
    };
    return batch;
  }

  async function sign(request: SignableRequest, options: Parameters<Signer>[1]): Promise<Signed> {
    if (open === undefined || !open.call.underway || open.entries.length >= largestBatch) open = openBatch();
    const { entries, call } = open;
    const entry: Asking = { request, cancelled: false };
    entries.push(entry);
    options.onWaiting?.({ reason: "credentials" });
    try {
      const signed = (await call.join(options.signal)).get(entry);
      if (signed === undefined) throw wrongAnswer(request, "the answer lacks it");
      if (isUploadError(signed)) throw signed;
      return signed;
    } finally {
      entry.cancelled = true;
      options.onWaiting?.(null);
    }
  }

  return async (request, options, bodyBytes) => {
    options.signal.throwIfAborted();
    const stated = withLength(request, bodyBytes);
    let signed = await sign(stated, options);
    // Once: whether it has expired is a question of clocks, and ours may be the wrong one.
    if (signed.expiresAtMs !== undefined && signed.expiresAtMs <= clock.now()) signed = await sign(stated, options);
    return {
      url: signed.url,
      headers: { ...request.headers, ...signed.headers },
      accepted: () => {},
      refused: ({ serverTimeMs }) => {
        if (serverTimeMs !== undefined) clock.learn(serverTimeMs);
        return true;
      },
    };
  };
}

/** Of the app: asked again it would say no again. */
function isRefusal(error: unknown): error is UploadError {
  return isUploadError(error) && (error.code === "forbidden" || error.code === "rejected");
}

function partNumberOf({ query }: SignableRequest): number | undefined {
  return query.partNumber === undefined ? undefined : Number(query.partNumber);
}

/**
 * States the length of what carries the file's bytes, so that the application may limit it. The page never sets it: browsers
 * write their own, which is the same.
 */
function withLength(request: SignableRequest, bodyBytes: number | undefined): SignableRequest {
  const { action, headers } = request;
  if (bodyBytes === undefined || (action !== "PutObject" && action !== "UploadPart")) return request;
  return { ...request, headers: { ...headers, "content-length": String(bodyBytes) } };
}

/** The next turn of the event loop, without a timer: those are slowed down in hidden tabs. */
async function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  await new Promise<void>((resolve) => {
    port1.onmessage = () => resolve();
    port2.postMessage(undefined);
  });
  port1.close();
}
