/** One request to the service, with what the adapter reports of it. */
import { type CallOptions, type StoreAction, UploadError } from "../../src/index.js";

/** @param body the bytes of the file that the request carries; undefined for a control request */
export async function call<T>(
  action: StoreAction,
  options: CallOptions,
  body: Blob | undefined,
  effect: () => Promise<T>,
  partNumber: number | null = null,
): Promise<T> {
  const { signal, onSent, onRequest, attempt = 1 } = options;
  signal.throwIfAborted();
  let failed: UploadError | undefined;
  try {
    if (body !== undefined) onSent?.(0);
    signal.throwIfAborted();
    const result = await effect();
    if (body !== undefined) onSent?.(body.size);
    signal.throwIfAborted();
    return result;
  } catch (error) {
    if (!(error instanceof UploadError)) throw error;
    failed = error.with({ partNumber: partNumber ?? undefined });
    throw failed;
  } finally {
    const [status, error] = [failed?.status ?? 200, failed?.code ?? null];
    const bodyBytes = body?.size ?? 0;
    onRequest?.({ action, partNumber, attempt, bodyBytes, startedAt: 0, durationMs: 0, status, requestId: "r", error });
  }
}
