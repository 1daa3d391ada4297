/** Lets digests wait for a worker whose script cannot be loaded now, as requests wait for the network. */
import { isNotLoaded } from "../../not-loaded.js";
import type { ByteWorkers } from "../../workers/byte-workers.js";
import type { World } from "../context.js";
import type { Reporter } from "../progress/reporter.js";

/** @returns the same workers. Why a digest waits is told to the reporter. Requests are repeated by the store that sends them */
export function patientDigests({ workers, persist }: World, reporter: Pick<Reporter, "callOptions">): ByteWorkers {
  const patiently = <T>(signal: AbortSignal, digest: () => Promise<T>) =>
    persist(reporter.callOptions(signal), digest, isNotLoaded);
  return {
    ...workers,
    digest: (bytes, wanted, options) => patiently(options.signal, () => workers.digest(bytes, wanted, options)),
    digestFour: (four, wanted, options) => patiently(options.signal, () => workers.digestFour(four, wanted, options)),
  };
}
