/** One request to a `MemoryServer`, with what is reported of it. */
import type { StoreAction } from "../../src/api/trace.js";
import { isUploadError } from "../../src/errors.js";
import type { CallOptions } from "../../src/store/object-store.js";
import type { MemoryServer } from "./memory-server.js";

interface Call {
  readonly action: StoreAction;
  readonly partNumber?: number;
  readonly bodyBytes?: number;
}

/**
 * The request takes one microtask to arrive, then `effect` happens, and the answer takes one microtask back. An abort between the two loses
 * the answer.
 */
export async function memoryCall<T>(
  server: MemoryServer,
  what: Call,
  options: CallOptions,
  effect: (requestId: string) => Promise<T>,
): Promise<T> {
  const { signal } = options;
  signal.throwIfAborted();
  const requestId = server.nextRequestId();
  let error: unknown;
  try {
    if (what.bodyBytes !== undefined) options.onSent?.(0);
    await null;
    signal.throwIfAborted();
    const result = await effect(requestId);
    if (what.bodyBytes !== undefined) options.onSent?.(what.bodyBytes);
    await null;
    signal.throwIfAborted();
    return result;
  } catch (thrown) {
    error = thrown;
    if (isUploadError(thrown)) throw thrown.with({ requestId, partNumber: what.partNumber });
    throw thrown;
  } finally {
    options.onRequest?.({
      action: what.action,
      partNumber: what.partNumber ?? null,
      attempt: options.attempt ?? 1,
      bodyBytes: what.bodyBytes ?? 0,
      startedAt: 0,
      durationMs: 0,
      status: error === undefined ? 200 : isUploadError(error) ? (error.status ?? 200) : 0,
      requestId: error === undefined || isUploadError(error) ? requestId : null,
      error: isUploadError(error) ? error.code : null,
    });
  }
}
