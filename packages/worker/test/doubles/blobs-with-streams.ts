/** Blobs whose stream is the test's, and what collects the pieces that are read of them. */
export const MiB = 2 ** 20;

export function collector() {
  const pieces: Uint8Array[] = [];
  // Copied, because a piece is overwritten after the call.
  return { consume: (piece: Uint8Array) => void pieces.push(piece.slice()), bytes: () => Buffer.concat(pieces) };
}

export const content = Buffer.from(Uint8Array.from({ length: 40 * MiB }, (_, i) => (i * 31) >>> 5));

/** A Blob with the stream of a test. Its slices are real. */
export function blobWithStream(stream: () => ReadableStream<Uint8Array<ArrayBuffer>>): Blob {
  return Object.assign(new Blob([content]), { stream });
}

/** A stream that delivers 3 MiB and then ends as the test says. */
export function streamThat(
  ends: (controller: ReadableStreamController<Uint8Array<ArrayBuffer>>) => void | Promise<void>,
) {
  let delivered = 0;
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    type: "bytes",
    pull(controller) {
      if (delivered === 3 * MiB) return ends(controller);
      controller.enqueue(new Uint8Array(content.subarray(delivered, delivered + MiB)));
      delivered += MiB;
      return undefined;
    },
  });
}
