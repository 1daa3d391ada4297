/** Reads the body of a request up to a limit. */

/** What is wrong with a body that was not read. */
export type UnreadBody = "broke-off" | "too-large";

/**
 * Counts the bytes, because a Content-Length can lie or be missing. It leaves the rest of a body that is too large unread, but does not
 * cancel it: Node would then close the connection before the answer is sent.
 */
export async function readBody(
  body: ReadableStream<Uint8Array> | null,
  mostBytes: number,
): Promise<Uint8Array<ArrayBuffer> | UnreadBody> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  const reader = body?.getReader();
  while (reader !== undefined) {
    const piece = await reader.read().catch(() => undefined);
    if (piece === undefined) return "broke-off";
    if (piece.done) break;
    size += piece.value.byteLength;
    if (size > mostBytes) {
      reader.releaseLock();
      return "too-large";
    }
    pieces.push(piece.value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
}
