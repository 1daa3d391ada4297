/** How fast our worker reads and digests, nothing sent: through the same file and the same calls that uploads use. */
import { wrap } from "comlink";
import type { ByteWorker } from "../../packages/worker/src/contract.js";
import type { Start } from "./contestant.js";

const sliceSize = 8 * 2 ** 20;

export const start: Start = async ([file], { options }) => {
  const { workers, md5, crc64, four } = options as Record<"md5" | "crc64" | "four", boolean> & { workers: number };
  if (file === undefined) throw new Error("no file is picked");
  const slices = Array.from({ length: Math.ceil(file.size / sliceSize) }, (_, i) =>
    file.slice(i * sliceSize, (i + 1) * sliceSize),
  );
  const lane = async () => {
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    const hands = wrap<ByteWorker>(worker);
    while (slices.length > 0) {
      const [a, b, c, d] = slices.splice(0, four ? 4 : 1);
      const call = slices.length;
      const wanted = { md5, crc64 };
      const isFour = a !== undefined && b !== undefined && c !== undefined && d !== undefined;
      const outcome = await (isFour
        ? hands.digestFour(call, [a, b, c, d], wanted)
        : hands.digest(call, a as Blob, wanted));
      if (!outcome.ok) throw new Error(outcome.failure.message);
    }
  };
  await Promise.all(Array.from({ length: workers }, lane));
};
