/** The hands: workers that are started when they are needed, given work evenly, and replaced when they die. Laws 5 and 7. */
import type { ByteWorker, CallId, Outcome, XmlValue } from "@ossicle/worker/contract";
import type { Remote } from "comlink";
import { isUploadError } from "../errors.js";
import { orAborted } from "../or-aborted.js";
import { type Clock, systemClock } from "../platform/clock.js";
import { createSlots, type Slots } from "../slots.js";
import type { ByteWorkers, DigestOptions } from "./byte-workers.js";
import { type CallOptions, RunningWorker } from "./running-worker.js";
import { createStarter } from "./start-worker.js";

export interface WorkerPoolOptions {
  /** Default: min(4, hardwareConcurrency − 1), at least 1. */
  readonly count?: number | undefined;
  /** Default: the file beside this module, or the same script as text where that fails. */
  readonly create?: (() => Worker) | undefined;
  readonly clock?: Clock | undefined;
}

/** While one is hashed, the browser opens the next. Measured against one: 1 MiB 2 ×, 8 MiB 1.2 × as fast; three gain nothing. */
const digestsPerWorker = 2;
/** Those of four parts have places of their own: each would wait for both kinds otherwise. Measured: two cost a fifth more. */
const foursPerWorker = 1;

const patienceWithDeaths = 2;

type Call<T> = (worker: Remote<ByteWorker>, id: CallId) => Promise<Outcome<T>>;
type Work = "digest" | "send" | "parse";

/** A place for one worker, and what that worker has in hand. */
interface Seat {
  worker: Promise<RunningWorker> | undefined;
  readonly inHand: Record<Work, number>;
}

export function createWorkerPool({ count, create, clock = systemClock() }: WorkerPoolOptions = {}): ByteWorkers {
  const seats = Array.from({ length: Math.max(1, count ?? defaultCount()) }, (): Seat => {
    return { worker: undefined, inHand: { digest: 0, send: 0, parse: 0 } };
  });
  const start = createStarter({ clock, create });
  const digests = createSlots(digestsPerWorker * seats.length);
  const fours = createSlots(foursPerWorker * seats.length);
  const closing = new AbortController();

  /** Started by whoever needs it first; a failure is theirs who wait for it, and the next one tries again. */
  function workerOf(seat: Seat): Promise<RunningWorker> {
    const vacate = () => {
      if (seat.worker === starting) seat.worker = undefined;
    };
    const starting = seat.worker ?? start(closing.signal).then((worker) => new RunningWorker(worker, vacate));
    seat.worker = starting;
    starting.catch(vacate);
    return starting;
  }

  async function run<T>(work: Work, call: Call<T>, options: CallOptions): Promise<T> {
    options.signal?.throwIfAborted();
    closing.signal.throwIfAborted();
    const seat = leastBusy(seats, work);
    seat.inHand[work] += 1;
    try {
      const worker = await orAborted(workerOf(seat), options.signal);
      return await worker.run(call, options);
    } finally {
      seat.inHand[work] -= 1;
    }
  }

  /** It changes nothing: one whose worker died is done again, by another. Not for ever: the bytes may be what kills it. */
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
      // Nothing cancels it, and its only failure is that the text is something else.
      const parse: Call<XmlValue | undefined> = async (worker) => {
        const outcome = await worker.parseXml(text);
        return outcome.ok ? outcome : { ok: true, value: undefined };
      };
      return await run("parse", parse, {});
    },
    warm() {
      if (seats.some(({ worker }) => worker !== undefined)) return;
      // Those who need it get the failure, or a worker that is tried again.
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

/** One core is the page's. Some browsers keep the number to themselves; a server may have no navigator. */
function defaultCount(): number {
  const cores = globalThis.navigator?.hardwareConcurrency ?? 2;
  return Math.max(1, Math.min(4, cores - 1));
}

/** By this kind of work, then by all of it, then one that has started already. */
function leastBusy(seats: readonly Seat[], work: Work): Seat {
  const inHand = ({ digest, send, parse }: Seat["inHand"]) => digest + send + parse;
  const compare = (a: Seat, b: Seat) =>
    a.inHand[work] - b.inHand[work] ||
    inHand(a.inHand) - inHand(b.inHand) ||
    Number(a.worker === undefined) - Number(b.worker === undefined);
  return seats.reduce((best, seat) => (compare(seat, best) < 0 ? seat : best));
}
