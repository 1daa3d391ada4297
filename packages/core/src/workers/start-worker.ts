/** Starts a worker, wherever a bundler or CDN put the library, and whatever the Content-Security-Policy allows. */
import { contractVersion, type Hello } from "@ossicle/worker/contract";
import { isUploadError, UploadError } from "../errors.js";
import { loading, notLoaded } from "../not-loaded.js";
import type { Clock } from "../platform/clock.js";
import { online } from "../platform/network-status.js";
import { PolicyRefused, withTrustedUrl } from "./trusted-url.js";

export interface StartOptions {
  readonly clock: Clock;
  /** The app's own way, in place of the built-in ones. */
  readonly create?: (() => Worker) | undefined;
}

/** The time that a worker has to load and say hello. A script that is not ours never would. */
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

/** One way to start a worker. @returns a worker that has said hello. @throws the signal's reason if it is aborted first */
type Way = (clock: Clock, signal: AbortSignal) => Promise<Worker>;

/**
 * @returns a function that starts one worker, from the file beside this module. If that fails (another origin, a bundler that left the
 *   file out, a policy) it starts the same script from its text. It keeps to the way that worked.
 *   @throws UploadError "worker" if no way works, "network" if the page is offline or the text cannot be loaded; the signal's reason
 *   once it is aborted, and by then no worker is left
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
    if (failures.some(isUploadError) || !online()) throw notLoaded("worker", cause);
    throw new UploadError("worker", `No worker could be started: ${why}`, { cause, hint: hintFor(failures) });
  };
}

const fromFile: Way = (clock, signal) =>
  // Bundlers look for exactly this expression, and for the file beside the built module.
  greeted("worker.js", () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" }), clock, signal);

const fromText: Way = async (clock, signal) => {
  const { workerText } = await loading("worker", import("./worker-text.js"));
  const url = URL.createObjectURL(new Blob([workerText], { type: "text/javascript" }));
  try {
    const create = () => withTrustedUrl(url, (trusted) => new Worker(trusted, { type: "module" }));
    return await greeted("a worker from a Blob URL", create, clock, signal);
  } finally {
    URL.revokeObjectURL(url);
  }
};

/** The app's way is tried twice: the first failure may have been the network's. */
function fromCreate(create: () => Worker): readonly Way[] {
  const way: Way = (clock, signal) => greeted("the worker of `workers.create`", create, clock, signal);
  return [way, way];
}

/** Creates a worker and waits until it says hello. @throws Error that says why it did not start; by then it is terminated */
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
        // The event has no message if the script cannot be loaded, or a policy forbids it.
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
