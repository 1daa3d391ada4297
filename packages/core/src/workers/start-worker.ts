/** Starting a worker wherever the library was put by a bundler, a CDN or a Content-Security-Policy. */
import { contractVersion, type Hello } from "@ossicle/worker/contract";
import { isUploadError, UploadError } from "../errors.js";
import type { Clock } from "../platform/clock.js";

export interface StartOptions {
  readonly clock: Clock;
  /** Instead of the built-in ways. */
  readonly create?: (() => Worker) | undefined;
}

/** How long a worker may load before its script says hello. One that is not ours would be waited for for ever. */
const helloTimeoutMs = 20_000;

const hint =
  "Allow the worker in the page's Content-Security-Policy (worker-src 'self' blob:), or pass `workers.create`: " +
  "a function that starts @ossicle/core/worker, of the same version, from where your bundler or server keeps it";

/** @returns a worker that has said hello */
type Way = (clock: Clock) => Promise<Worker>;

/**
 * @returns a function that starts one worker. Its first way is the file beside this module; where that fails (another
 *   origin, a bundler that left it behind, a policy), the same script as text; from then on whichever way worked.
 *   @throws UploadError "worker" when no way works, "network" when the page is offline or the text cannot be loaded
 */
export function createStarter({ clock, create }: StartOptions): () => Promise<Worker> {
  let ways = create === undefined ? [fromFile, fromText] : fromCreate(create);

  return async () => {
    const failures: unknown[] = [];
    for (const way of ways) {
      try {
        const worker = await way(clock);
        ways = [way];
        return worker;
      } catch (cause) {
        failures.push(cause);
      }
    }
    const why = failures.map((failure) => (failure instanceof Error ? failure.message : String(failure))).join("; ");
    const cause = new AggregateError(failures, why);
    if (failures.some(isUploadError) || !navigator.onLine) {
      throw new UploadError("network", `The worker's script could not be loaded: ${why}`, { cause });
    }
    throw new UploadError("worker", `No worker could be started: ${why}`, { cause, hint });
  };
}

const fromFile: Way = (clock) =>
  // As bundlers look for it: this very expression, with the file beside the built module.
  greeted("worker.js", () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" }), clock);

const fromText: Way = async (clock) => {
  const { workerText } = await import("./worker-text.js").catch((cause: unknown) => {
    throw new UploadError("network", "worker-text.js could not be loaded", { cause });
  });
  const url = URL.createObjectURL(new Blob([workerText], { type: "text/javascript" }));
  try {
    return await greeted("a worker from a Blob URL", () => new Worker(url, { type: "module" }), clock);
  } finally {
    URL.revokeObjectURL(url);
  }
};

/** Twice: what failed once may have been the network. */
function fromCreate(create: () => Worker): readonly Way[] {
  const way: Way = (clock) => greeted("the worker of `workers.create`", create, clock);
  return [way, way];
}

/** @throws Error that says why the worker did not start; by then it is terminated */
async function greeted(name: string, create: () => Worker, clock: Clock): Promise<Worker> {
  let worker: Worker;
  try {
    worker = create();
  } catch (cause) {
    throw new Error(`${name} was refused: ${cause}`, { cause });
  }
  const settled = new AbortController();
  const { signal } = settled;
  try {
    await new Promise<void>((resolve, reject) => {
      const onMessage = ({ data }: MessageEvent<Partial<Hello> | undefined>) => {
        if (data?.ossicle === contractVersion) resolve();
        else if (data?.ossicle !== undefined) reject(new Error(`${name} is of another version of the library`));
      };
      const onError = (event: ErrorEvent) => {
        event.preventDefault();
        // A script that cannot be loaded, or that a policy forbids, gives an event without a message.
        reject(new Error(`${name} failed: ${event.message || "its script could not be loaded or is forbidden"}`));
      };
      worker.addEventListener("message", onMessage, { signal });
      worker.addEventListener("error", onError, { signal });
      clock.sleep(helloTimeoutMs, signal).then(
        () => reject(new Error(`${name} did not say hello within ${helloTimeoutMs} ms`)),
        () => {},
      );
    });
    return worker;
  } catch (cause) {
    worker.terminate();
    throw cause;
  } finally {
    settled.abort();
  }
}
