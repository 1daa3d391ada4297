/**
 * Tries a bucket before an upload depends on it: each kind of request once, and leaves nothing behind. Laws: a layer is a store that wraps
 * a store (the probe goes past all layers); nothing outlives its run.
 */

import { isUploadError, UploadError } from "../../errors.js";
import type { ByteWorkers, HttpResponse } from "../../workers/byte-workers.js";
import type { MultipartUpload, ObjectStore, ProbeOptions } from "../object-store.js";
import { readInitiated } from "./answers.js";
import { foreign } from "./bad-answer.js";
import type { BucketRequest } from "./bucket-request.js";
import { type BucketConnection, bucketCall } from "./call.js";
import type { Dialect } from "./dialect.js";
import { type Attempt, findings, type WantedHeader } from "./probe-findings.js";
import { describe } from "./refusal.js";
import { askUnsigned } from "./unreadable.js";

/** Time limit for one request, including the time in which the app may be asked for credentials. */
const limitMs = 20_000;

/** The requests of the probe, as the dialect writes them. */
export interface ProbeDialect {
  readonly initiate: (key: string) => BucketRequest;
  /** Without a digest, which services do not demand: the upload will never be completed. */
  readonly putPart: (upload: MultipartUpload, body: Blob) => BucketRequest;
  readonly listParts: (upload: MultipartUpload) => BucketRequest;
  readonly head: (key: string) => BucketRequest;
  readonly abort: (upload: MultipartUpload) => BucketRequest;
  readonly wantedHeaders: readonly WantedHeader[];
}

export function bucketProbe(connection: BucketConnection, asks: ProbeDialect): ObjectStore["probe"] {
  return async (key, options) => {
    const probe = new Probe(connection, asks, options);
    await probe.run(key);
    options.signal.throwIfAborted();
    const { attempts, offsetMs, remains, unsignedAnswered } = probe;
    const { dialect, place } = connection;
    const seen = { attempts, offsetMs, remains, unsignedAnswered, online: options.online() };
    return findings({ ...seen, bucket: place.bucket, dialect, wantedHeaders: asks.wantedHeaders });
  };
}

class Probe {
  /** One for each request, in order. Of a request that was repeated, only the last. */
  readonly attempts: Attempt[] = [];
  /** The upload that could not be aborted. */
  remains: MultipartUpload | undefined;
  /** True if an unsigned request was answered, although no signed one was. */
  unsignedAnswered = false;
  #dateOffsetMs: number | undefined;
  readonly #connection: BucketConnection;
  readonly #asks: ProbeDialect;
  readonly #options: ProbeOptions;

  constructor(connection: BucketConnection, asks: ProbeDialect, options: ProbeOptions) {
    this.#connection = connection;
    this.#asks = asks;
    this.#options = options;
  }

  /** Milliseconds by which the service is ahead of the page; undefined if no answer told it. */
  get offsetMs(): number | undefined {
    const { offsetMs } = this.#connection.clock;
    return this.#dateOffsetMs ?? (offsetMs === 0 ? undefined : offsetMs);
  }

  async run(key: string): Promise<void> {
    const { signal } = this.#options;
    let upload = await this.#initiate(key, signal);
    const isLost = () => this.attempts.at(-1)?.error?.code === "network";
    if (isLost() && (await this.#askUnsigned(signal))) {
      this.attempts.pop();
      upload = await this.#initiate(key, signal);
      this.unsignedAnswered = isLost();
    }
    // Without a key or a worker the other requests would fail too. After a refusal, or without an answer, HEAD may still tell more.
    if (this.attempts.some(({ error }) => error?.code === "credentials" || error?.code === "worker")) return;
    try {
      if (upload !== undefined) {
        await this.#put(upload, signal);
        await this.#try(this.#asks.listParts(upload), signal, () => undefined);
      }
      await this.#try(this.#asks.head(key), signal, () => undefined);
    } finally {
      if (upload !== undefined) await this.#abort(upload);
    }
  }

  async #initiate(key: string, signal: AbortSignal): Promise<MultipartUpload | undefined> {
    const request = this.#asks.initiate(key);
    return await this.#try(request, signal, (response) => {
      const initiated = readInitiated(response.xml);
      if (initiated === undefined) throw foreign(this.#connection.dialect, request, response);
      return { key, id: initiated.uploadId };
    });
  }

  /**
   * Some services let no page read why they refuse a clock or a key. An unsigned request tells whether the clock is wrong.
   *
   * @returns whether it was answered
   */
  async #askUnsigned(signal: AbortSignal): Promise<boolean> {
    const { place, clock, tools } = this.#connection;
    const answer = await askUnsigned({ place, tools }, signal);
    if (answer?.dateMs !== undefined) {
      this.#dateOffsetMs = answer.dateMs - tools.now();
      clock.learn(answer.dateMs);
    }
    return answer !== undefined;
  }

  async #put(upload: MultipartUpload, signal: AbortSignal): Promise<void> {
    const body = new Blob(["ossicle"]);
    await this.#try(this.#asks.putPart(upload, body), signal, () => undefined);
  }

  /** Has a signal of its own, so that it runs even if the probe is stopped. The time limit ends it. */
  async #abort(upload: MultipartUpload): Promise<void> {
    this.remains = upload;
    await this.#try(this.#asks.abort(upload), new AbortController().signal, () => undefined);
    if (this.attempts.at(-1)?.error === undefined) this.remains = undefined;
  }

  /** @throws the signal's reason alone */
  async #try<T>(
    request: BucketRequest,
    signal: AbortSignal,
    read: (response: HttpResponse) => T,
  ): Promise<T | undefined> {
    for (let repeats = 0; ; repeats += 1) {
      const answers: HttpResponse[] = [];
      try {
        const result = await this.#send(request, signal, answers, read);
        this.attempts.push({ request, response: answers[0], error: undefined });
        return result;
      } catch (error) {
        signal.throwIfAborted();
        if (!isUploadError(error)) throw error;
        if (error.again === "at once" && repeats === 0) continue;
        this.attempts.push({ request, response: answers[0], error });
        return undefined;
      }
    }
  }

  async #send<T>(
    request: BucketRequest,
    signal: AbortSignal,
    answers: HttpResponse[],
    read: (response: HttpResponse) => T,
  ): Promise<T> {
    const { dialect, place, clock, sign, tools } = this.#connection;
    const workers: ByteWorkers = {
      ...tools.workers,
      send: async (http, how) => {
        const response = await tools.workers.send(http, how);
        answers.push(response);
        this.#dateOffsetMs ??= offsetIn(response, tools.now());
        return response;
      },
    };
    const stop = new AbortController();
    const answered = new AbortController();
    let asksApp = false;
    const leave = () => stop.abort(signal.reason);
    const giveUp = () => stop.abort(asksApp ? silentApp(dialect) : silence(request));
    signal.throwIfAborted();
    signal.addEventListener("abort", leave);
    // It rejects only when the answer has come, and then there is nothing to give up.
    tools.sleep?.(limitMs, answered.signal).then(giveUp, () => undefined);
    try {
      // The probe itself asks without a signature when an answer is lost.
      const unreadable = { answered: () => {}, lost: async () => false };
      const call = bucketCall({ dialect, place, clock, sign, tools: { ...tools, workers }, unreadable });
      const onWaiting = (waiting: object | null) => {
        asksApp = waiting !== null;
      };
      const { onRequest } = this.#options;
      return await call(request, { signal: stop.signal, onWaiting, ...(onRequest && { onRequest }) }, read);
    } finally {
      answered.abort();
      signal.removeEventListener("abort", leave);
    }
  }
}

function silence(request: BucketRequest): UploadError {
  const { action } = request;
  return new UploadError("stalled", `${describe(request)} was not answered within ${limitMs / 1000} seconds`, {
    action,
    hint: "Is this the bucket's endpoint, and can it be reached from here?",
  });
}

function silentApp({ adapter }: Dialect): UploadError {
  return new UploadError(
    "credentials",
    `The app was asked to sign and did not answer within ${limitMs / 1000} seconds`,
    {
      hint: `Look at the function given as \`credentials\` or \`signer\` of ${adapter}, and at what it fetches.`,
    },
  );
}

/** Ignores dates before 2020: appliances on the way have been seen to write 1970. */
function offsetIn({ headers }: HttpResponse, now: number): number | undefined {
  const at = Date.parse(headers.date ?? "");
  return at >= Date.UTC(2020, 0, 1) ? at - now : undefined;
}
