/**
 * Starts workers when they are needed, spreads the work over them, and replaces those that die. Laws: the worker only hashes and sends;
 * nothing outlives its run.
 */
import type { ByteWorker, CallId, Outcome, XmlValue } from "@ossicle/worker/contract";
import type { Remote } from "comlink";
import { isUploadError } from "../errors.js";
import { orAborted } from "../or-aborted.js";
import { type Clock, systemClock } from "../platform/clock.js";
import { createSlots, type Slots } from "../slots.js";
import type { ByteWorkers, DigestOptions } from "./byte-workers.js";
import { RunningWorker, type WorkerCallOptions } from "./running-worker.js";
import { createStarter } from "./start-worker.js";

export interface WorkerPoolOptions {
  /** Default: min(4, hardwareConcurrency − 1), at least 1. */
  readonly count?: number | undefined;
  /** Starts one worker. Default: from the file beside this module, or from the same script as text if that fails. */
  readonly create?: (() => Worker) | undefined;
  readonly clock?: Clock | undefined;
}

/** Two: the browser opens one Blob while the other is hashed. Measured: twice as fast as one at 1 MiB, 1.2 times at 8 MiB; three gain nothing. */
const digestsPerWorker = 2;
/** Digests of four parts have slots of their own, so that neither kind waits for the other. Measured: with two they take a fifth longer. */
const foursPerWorker = 1;

/** So many workers may die of one digest; the next death is its failure. */
const patienceWithDeaths = 2;

type Call<T> = (worker: Remote<ByteWorker>, id: CallId) => Promise<Outcome<T>>;
type Work = "digest" | "send" | "parse";

/** A seat for one worker, and the number of its running calls by kind. */
interface Seat {
  worker: Promise<RunningWorker> | undefined;
  readonly underWay: Record<Work, number>;
}

export function createWorkerPool({ count, create, clock = systemClock() }: WorkerPoolOptions = {}): ByteWorkers {
  const seats = Array.from({ length: Math.max(1, count ?? defaultCount()) }, (): Seat => {
    return { worker: undefined, underWay: { digest: 0, send: 0, parse: 0 } };
  });
  const start = createStarter({ clock, create });
  const digests = createSlots(digestsPerWorker * seats.length);
  const fours = createSlots(foursPerWorker * seats.length);
  const closing = new AbortController();

  /** The first call starts the worker. If it does not start, all calls that wait for it fail, and the next call tries again. */
  function workerOf(seat: Seat): Promise<RunningWorker> {
    const vacate = () => {
      if (seat.worker === starting) seat.worker = undefined;
    };
    const starting = seat.worker ?? start(closing.signal).then((worker) => new RunningWorker(worker, vacate));
    seat.worker = starting;
    starting.catch(vacate);
    return starting;
  }

  async function run<T>(work: Work, call: Call<T>, options: WorkerCallOptions): Promise<T> {
    options.signal?.throwIfAborted();
    closing.signal.throwIfAborted();
    const seat = leastBusy(seats, work);
    seat.underWay[work] += 1;
    try {
      const worker = await orAborted(workerOf(seat), options.signal);
      return await worker.run(call, options);
    } finally {
      seat.underWay[work] -= 1;
    }
  }

  /** A digest whose worker died is repeated on another, because it changes nothing. Not for ever: the bytes may be what kills it. */
  async function digesting<T>(call: Call<T>, options: DigestOptions): Promise<T> {
    for (let deaths = 0; ; deaths += 1) {
      try {
        return await run("digest", call, options);
      } catch (error) {
        if (deaths === patienceWithDeaths || !isUploadError(error) || error.code !== "network") throw error;
      }
    }
  }

  return {
    digest: (bytes, wanted, options) =>
      inTurn(digests, options, () => digesting((worker, id) => worker.digest(id, bytes, wanted), options)),
    digestFour: (four, wanted, options) =>
      inTurn(fours, options, () => digesting((worker, id) => worker.digestFour(id, four, wanted), options)),
    send: (request, { signal, onSent }) => run("send", (worker, id) => worker.send(id, request), { signal, onSent }),
    async parseXml(text) {
      // Parsing is never cancelled, and fails only if the text is not XML.
      const parse: Call<XmlValue | undefined> = async (worker) => {
        const outcome = await worker.parseXml(text);
        return outcome.ok ? outcome : { ok: true, value: undefined };
      };
      return await run("parse", parse, {});
    },
    warm() {
      if (seats.some(({ worker }) => worker !== undefined)) return;
      // The first call that needs a worker starts it again, and gets the failure if there is one.
      workerOf(leastBusy(seats, "digest")).catch(() => {});
    },
    close() {
      closing.abort(new DOMException("The workers were ended", "AbortError"));
      for (const { worker } of seats) {
        worker?.then(
          (running) => running.end(closing.signal.reason),
          () => {},
        );
      }
    },
  };
}

async function inTurn<T>(slots: Slots, { signal, priority }: DigestOptions, work: () => Promise<T>): Promise<T> {
  const release = await slots.acquire(priority === "idle" ? "low" : "normal", signal);
  try {
    return await work();
  } finally {
    release();
  }
}

/** Leaves one core to the page. Some browsers hide the number of cores, and a server may have no navigator. */
function defaultCount(): number {
  const cores = globalThis.navigator?.hardwareConcurrency ?? 2;
  return Math.max(1, Math.min(4, cores - 1));
}

/** The seat with the fewest calls of this kind, then the fewest of all kinds, then one whose worker has started. */
function leastBusy(seats: readonly Seat[], work: Work): Seat {
  const underWay = ({ digest, send, parse }: Seat["underWay"]) => digest + send + parse;
  const compare = (a: Seat, b: Seat) =>
    a.underWay[work] - b.underWay[work] ||
    underWay(a.underWay) - underWay(b.underWay) ||
    Number(a.worker === undefined) - Number(b.worker === undefined);
  return seats.reduce((best, seat) => (compare(seat, best) < 0 ? seat : best));
}
