/** Has requests signed by the application server, many at a time. */
import { isUploadError, type UploadError } from "../../errors.js";
import { askApp, type Sleep } from "./ask-app.js";
import { cureAfter } from "./cure.js";
import type { ServiceClock } from "./service-clock.js";
import { type SharedCall, shareCall } from "./shared-call.js";
import type { RequestSigner, SignableRequest } from "./signable-request.js";
import { readSigned, type Signed, wrongAnswer } from "./signed-answer.js";
import type { Signer } from "./signer.js";

const largestBatch = 100;

interface Asking {
  readonly request: SignableRequest;
  cancelled: boolean;
}

interface Batch {
  readonly entries: Asking[];
  readonly call: SharedCall<ReadonlyMap<Asking, Signed | UploadError>>;
}

/**
 * Requests that come within one task of the event loop go to the app together, at most 100 at once.
 *
 * @param adapter what the app called, in a sentence: "ossStore()"
 */
export function signRemotely(signRequests: RequestSigner, adapter: string, clock: ServiceClock, sleep?: Sleep): Signer {
  let open: Batch | undefined;

  async function ask(wanted: readonly Asking[], signal: AbortSignal): Promise<Map<Asking, Signed | UploadError>> {
    const requests = wanted.map((entry) => entry.request);
    const purpose = `to sign ${requests.length} request(s)`;
    const askSigner = async (stop: AbortSignal): Promise<unknown> => await signRequests(requests, { signal: stop });
    try {
      const signed = readSigned(
        await askApp({ adapter, option: "signer", purpose, ask: askSigner }, signal, sleep),
        requests,
      );
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
      refused: ({ serverTimeMs, refusals }) => {
        if (serverTimeMs !== undefined) clock.learn(serverTimeMs);
        return cureAfter(refusals);
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
