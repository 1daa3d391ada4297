/**
 * Starts workers when they are needed, spreads the work over them, and replaces those that die. Laws: the worker only hashes and sends;
 * nothing outlives its run.
 */
import type { ByteWorker, CallId, Outcome, XmlValue } from "@ossicle/worker/contract";
import type { Remote } from "comlink";
import { isUploadError } from "../errors.js";
import { orAborted } from "../or-aborted.js";
import { type Clock, systemClock } from "../platform/clock.js";
import { createSlots } from "../slots.js";
import type { ByteWorkers, DigestOptions } from "./byte-workers.js";
import { inTurn } from "./digests-in-turn.js";
import { RunningWorker, type WorkerCallOptions } from "./running-worker.js";
import { emptySeats, leastBusy, type Seat, type Work, workerOf } from "./seats.js";
import { createStarter } from "./start-worker.js";

export interface WorkerPoolOptions {
  /** Default: min(4, hardwareConcurrency − 1), at least 1. */
  readonly count?: number | undefined;
  /** Starts one worker. Default: from the file beside this module, or from the same script as text if that fails. */
  readonly create?: (() => Worker) | undefined;
  readonly clock?: Clock | undefined;
  /** Milliseconds without a byte of the file after which a digest fails. */
  readonly stallTimeoutMs: number;
}

/** Two: the browser opens one Blob while the other is hashed. Measured: twice as fast as one at 1 MiB, 1.2 times at 8 MiB; three gain nothing. */
const digestsPerWorker = 2;
/** Digests of four parts have slots of their own, so that neither kind waits for the other. Measured: with two they take a fifth longer. */
const foursPerWorker = 1;

/** So many workers may die of one digest; the next death is its failure. */
const patienceWithDeaths = 2;

type Call<T> = (worker: Remote<ByteWorker>, id: CallId) => Promise<Outcome<T>>;

export function createWorkerPool(options: WorkerPoolOptions): ByteWorkers {
  const { count, create, clock = systemClock(), stallTimeoutMs } = options;
  const seats = emptySeats(Math.max(1, count ?? defaultCount()));
  const start = createStarter({ clock, create });
  const digests = createSlots(digestsPerWorker * seats.length);
  const fours = createSlots(foursPerWorker * seats.length);
  const closing = new AbortController();

  const startAt = (seat: Seat) =>
    workerOf(seat, (vacate) => start(closing.signal).then((worker) => new RunningWorker(worker, vacate)));

  async function run<T>(work: Work, call: Call<T>, options: WorkerCallOptions): Promise<T> {
    options.signal?.throwIfAborted();
    closing.signal.throwIfAborted();
    const seat = leastBusy(seats, work);
    seat.underWay[work] += 1;
    try {
      const worker = await orAborted(startAt(seat), options.signal);
      return await worker.run(call, options);
    } finally {
      seat.underWay[work] -= 1;
    }
  }

  const digesting = <T>(call: Call<T>, options: DigestOptions) => repeating(() => run("digest", call, options));

  return {
    digest: (bytes, wanted, options) =>
      inTurn(digests, options, () =>
        digesting((worker, id) => worker.digest(id, bytes, wanted, stallTimeoutMs), options),
      ),
    digestFour: (four, wanted, options) =>
      inTurn(fours, options, () =>
        digesting((worker, id) => worker.digestFour(id, four, wanted, stallTimeoutMs), options),
      ),
    send: (request, { signal, onSent }) => run("send", (worker, id) => worker.send(id, request), { signal, onSent }),
    parseXml: (text) => run("parse", parsing(text), {}),
    warm() {
      if (seats.some(({ worker }) => worker !== undefined)) return;
      // The first call that needs a worker starts it again, and gets the failure if there is one.
      startAt(leastBusy(seats, "digest")).catch(() => {});
    },
    close() {
      closing.abort(new DOMException("The workers were ended", "AbortError"));
      endAll(seats, closing.signal.reason);
    },
  };
}

function endAll(seats: readonly Seat[], reason: unknown): void {
  for (const { worker } of seats) {
    worker?.then(
      (running) => running.end(reason),
      () => {},
    );
  }
}

/** Parsing is never cancelled, and fails only if the text is not XML. */
function parsing(text: string): Call<XmlValue | undefined> {
  return async (worker) => {
    const outcome = await worker.parseXml(text);
    return outcome.ok ? outcome : { ok: true, value: undefined };
  };
}

/** Repeats a digest whose worker died on another one, because it changes nothing. Not for ever: the bytes may be what kills it. */
async function repeating<T>(digest: () => Promise<T>): Promise<T> {
  for (let deaths = 0; ; deaths += 1) {
    try {
      return await digest();
    } catch (error) {
      if (deaths === patienceWithDeaths || !isUploadError(error) || error.code !== "network") throw error;
    }
  }
}

/** Leaves one core to the page. Some browsers hide the number of cores, and a server may have no navigator. */
function defaultCount(): number {
  const cores = globalThis.navigator?.hardwareConcurrency ?? 2;
  return Math.max(1, Math.min(4, cores - 1));
}
