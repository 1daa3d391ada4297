/** Starting a worker wherever the library was put by a bundler, a CDN or a Content-Security-Policy. */
import { contractVersion, type Hello } from "@ossicle/worker/contract";
import { isUploadError, UploadError } from "../errors.js";
import type { Clock } from "../platform/clock.js";
import { PolicyRefused, withTrustedUrl } from "./trusted-url.js";

export interface StartOptions {
  readonly clock: Clock;
  /** Instead of the built-in ways. */
  readonly create?: (() => Worker) | undefined;
}

/** How long a worker may load before its script says hello. One that is not ours would be waited for for ever. */
const helloTimeoutMs = 20_000;

const instead =
  "pass `workers.create`: " +
  "a function that starts @ossicle/core/worker, of the same version, from where your bundler or server keeps it";
const allow =
  "Allow the worker in the page's Content-Security-Policy (worker-src 'self' blob:, and trusted-types ossicle where it " +
  `requires trusted types), or ${instead}`;
const share =
  'The policy name "ossicle" is taken by another copy of the library or by the page: load one copy of the library, or ' +
  "allow trusted-types ossicle 'allow-duplicates'";

function hintFor(failures: readonly unknown[]): string {
  const causes = failures.map((failure) => (failure instanceof Error ? failure.cause : undefined));
  const refused = causes.find((cause) => cause instanceof PolicyRefused);
  if (refused === undefined || refused.taken === false) return allow;
  return refused.taken ? `${share}, or ${instead}` : `${allow}. Or is it allowed? ${share}`;
}

/** @returns a worker that has said hello. @throws when the signal is aborted before */
type Way = (clock: Clock, signal: AbortSignal) => Promise<Worker>;

/**
 * @returns a function that starts one worker. Its first way is the file beside this module; where that fails (another
 *   origin, a bundler that left it behind, a policy), the same script as text; from then on whichever way worked.
 *   @throws UploadError "worker" when no way works, "network" when the page is offline or the text cannot be loaded; the
 *   signal's reason once it is aborted, and by then no worker is left
 */
export function createStarter({ clock, create }: StartOptions): (signal: AbortSignal) => Promise<Worker> {
  let ways = create === undefined ? [fromFile, fromText] : fromCreate(create);

  return async (signal) => {
    const failures: unknown[] = [];
    for (const way of ways) {
      try {
        const worker = await way(clock, signal);
        ways = [way];
        return worker;
      } catch (cause) {
        signal.throwIfAborted();
        failures.push(cause);
      }
    }
    const why = failures.map((failure) => (failure instanceof Error ? failure.message : String(failure))).join("; ");
    const cause = new AggregateError(failures, why);
    if (failures.some(isUploadError) || !navigator.onLine) {
      throw new UploadError("network", `The worker's script could not be loaded: ${why}`, { cause });
    }
    throw new UploadError("worker", `No worker could be started: ${why}`, { cause, hint: hintFor(failures) });
  };
}

const fromFile: Way = (clock, signal) =>
  // As bundlers look for it: this very expression, with the file beside the built module.
  greeted("worker.js", () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" }), clock, signal);

const fromText: Way = async (clock, signal) => {
  const { workerText } = await import("./worker-text.js").catch((cause: unknown) => {
    throw new UploadError("network", "worker-text.js could not be loaded", { cause });
  });
  const url = URL.createObjectURL(new Blob([workerText], { type: "text/javascript" }));
  try {
    const create = () => withTrustedUrl(url, (trusted) => new Worker(trusted, { type: "module" }));
    return await greeted("a worker from a Blob URL", create, clock, signal);
  } finally {
    URL.revokeObjectURL(url);
  }
};

/** Twice: what failed once may have been the network. */
function fromCreate(create: () => Worker): readonly Way[] {
  const way: Way = (clock, signal) => greeted("the worker of `workers.create`", create, clock, signal);
  return [way, way];
}

/** @throws Error that says why the worker did not start; by then it is terminated */
async function greeted(name: string, create: () => Worker, clock: Clock, stop: AbortSignal): Promise<Worker> {
  stop.throwIfAborted();
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
      stop.addEventListener("abort", () => reject(stop.reason), { signal });
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
