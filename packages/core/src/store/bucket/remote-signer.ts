/** A signer that asks the application server, for many requests at a time. */
import { isUploadError, UploadError } from "../../errors.js";
import { askApp, type Sleep } from "./ask-app.js";
import { cureAfter } from "./cure.js";
import { isForm } from "./is-form.js";
import type { ServiceClock } from "./service-clock.js";
import { type SharedCall, shareCall } from "./shared-call.js";
import type { RequestSigner, SignableRequest } from "./signable-request.js";
import { readSigned, type Signed, wrongAnswer } from "./signed-answer.js";
import type { Signer } from "./signer.js";

/** As many as `createSignHandler` takes at once. */
const largestBatch = 100;

/** Asks the app. @returns a signed request for each, in the same order. @throws as `askApp`, and for an answer that makes no sense */
type Ask = (requests: readonly SignableRequest[], signal: AbortSignal) => Promise<readonly Signed[]>;

/** A request that waits for its signature. */
interface Entry {
  readonly request: SignableRequest;
  isCancelled: boolean;
}

type Answers = ReadonlyMap<Entry, Signed | UploadError | undefined>;

/** Requests that go to the app together. */
interface Batch {
  readonly entries: Entry[];
  /** True as long as it has not been sent. */
  isOpen: boolean;
  readonly call: SharedCall<Answers>;
}

/**
 * Requests that come within one task of the event loop go to the app together, at most 100 at once.
 *
 * @param adapter what the app called, for messages: "ossStore()"
 * @param sleep without it an app that does not answer is waited for without end
 */
export function signRemotely(signRequests: RequestSigner, adapter: string, clock: ServiceClock, sleep?: Sleep): Signer {
  const ask: Ask = async (requests, signal) => {
    const purpose = `to sign ${requests.length} request(s)`;
    const askSigner = async (stop: AbortSignal) => await signRequests(requests, { signal: stop });
    return readSigned(await askApp({ adapter, option: "signer", purpose, ask: askSigner }, signal, sleep), requests);
  };
  const batches = new Map<boolean, Batch>();

  function signOnce(request: SignableRequest, options: Parameters<Signer>[1]): Promise<Signed> {
    // Forms go in batches of their own: a server that knows none refuses the whole batch.
    let batch = batches.get(isForm(request));
    if (!batch?.isOpen || !batch.call.underway || batch.entries.length >= largestBatch) batch = openBatch(ask);
    batches.set(isForm(request), batch);
    return signIn(batch, request, options);
  }

  async function sign(request: SignableRequest, options: Parameters<Signer>[1]): Promise<Signed> {
    try {
      const signed = await signOnce(request, options);
      // If it looks expired another one is asked for, but only once: perhaps our clock is wrong.
      const isOver = signed.expiresAtMs !== undefined && signed.expiresAtMs <= clock.now();
      return isOver ? await signOnce(request, options) : signed;
    } catch (error) {
      throw isUploadError(error) && !error.temporary && isForm(request) ? noForm(error) : error;
    }
  }

  return async (request, options, bodyBytes) => {
    options.signal.throwIfAborted();
    const { url, headers, fields } = await sign(withLength(request, bodyBytes), options);
    return {
      ...{ url, fields },
      headers: fields === undefined ? { ...request.headers, ...headers } : {},
      accepted: () => {},
      refused: ({ serverTimeMs, refusals }) => {
        if (serverTimeMs !== undefined) clock.learn(serverTimeMs);
        return cureAfter(refusals);
      },
    };
  };
}

/** Whatever the app says for good against a form, it may sign the same object as a PutObject. */
function noForm(cause: UploadError): UploadError {
  return new UploadError("rejected", `The app has signed no form: ${cause.message}`, { cause });
}

function openBatch(ask: Ask): Batch {
  const entries: Entry[] = [];
  const call = shareCall(async (signal) => {
    await nextTask();
    batch.isOpen = false;
    signal.throwIfAborted();
    const wanted = entries.filter(({ isCancelled }) => !isCancelled);
    return await answersTo(wanted, ask, signal);
  });
  const batch: Batch = { entries, isOpen: true, call };
  return batch;
}

/** Adds the request to the batch and waits for its signature. @throws the signal's reason; UploadError */
async function signIn(batch: Batch, request: SignableRequest, options: Parameters<Signer>[1]): Promise<Signed> {
  const entry: Entry = { request, isCancelled: false };
  batch.entries.push(entry);
  options.onWaiting?.({ reason: "credentials" });
  try {
    const signed = (await batch.call.join(options.signal)).get(entry);
    if (signed === undefined) throw wrongAnswer(request, "the answer lacks it");
    if (isUploadError(signed)) throw signed;
    return signed;
  } finally {
    entry.isCancelled = true;
    options.onWaiting?.(null);
  }
}

async function answersTo(wanted: readonly Entry[], ask: Ask, signal: AbortSignal): Promise<Answers> {
  try {
    const signed = await ask(
      wanted.map(({ request }) => request),
      signal,
    );
    return new Map(wanted.map((entry, index) => [entry, signed[index]]));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (wanted.length < 2) {
      return new Map(wanted.map((entry) => [entry, error.with({ partNumber: partNumberOf(entry.request) })]));
    }
    // The app does not say which of them it refuses. Each is asked for alone, so that other uploads of this page do not fail with it.
    const alone = await Promise.all(wanted.map((one) => answersTo([one], ask, signal)));
    return new Map(alone.flatMap((answers) => [...answers]));
  }
}

/** Is it a no of the app? Asked again, it would say the same. */
function isRefusal(error: unknown): error is UploadError {
  return isUploadError(error) && (error.code === "forbidden" || error.code === "rejected");
}

function partNumberOf({ query }: SignableRequest): number | undefined {
  return query.partNumber === undefined ? undefined : Number(query.partNumber);
}

/**
 * Adds `content-length` to a request that carries bytes of the file, so that the application may limit it. The page does not send this
 * header itself: browsers write it, with the same value.
 */
function withLength(request: SignableRequest, bodyBytes: number | undefined): SignableRequest {
  const { action, headers } = request;
  if (bodyBytes === undefined || (action !== "PutObject" && action !== "UploadPart")) return request;
  return { ...request, headers: { ...headers, "content-length": String(bodyBytes) } };
}

/** Waits for the next task of the event loop. Not by a timer: hidden tabs slow them down. */
async function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  await new Promise<void>((resolve) => {
    port1.onmessage = () => resolve();
    port2.postMessage(undefined);
  });
  port1.close();
}
