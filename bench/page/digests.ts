/** How fast our worker reads and digests, nothing sent: through the same file and the same calls that uploads use. */
import { wrap } from "comlink";
import type { ByteWorker } from "../../packages/worker/src/contract.js";
import type { Start } from "./contestant.js";

const sliceSize = 8 * 2 ** 20;

export const start: Start = async ([file], { options }) => {
  const { workers, md5, crc64 } = options as { workers: number; md5: boolean; crc64: boolean };
  if (file === undefined) throw new Error("no file is picked");
  const slices = Array.from({ length: Math.ceil(file.size / sliceSize) }, (_, i) =>
    file.slice(i * sliceSize, (i + 1) * sliceSize),
  );
  const lane = async () => {
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    const hands = wrap<ByteWorker>(worker);
    for (let slice = slices.shift(); slice !== undefined; slice = slices.shift()) {
      const outcome = await hands.digest(slices.length, slice, { md5, crc64 });
      if (!outcome.ok) throw new Error(outcome.failure.message);
    }
  };
  await Promise.all(Array.from({ length: workers }, lane));
};
