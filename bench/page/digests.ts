/** How fast our worker reads and digests, nothing sent: through the same file and the same calls that uploads use. */
import { wrap } from "comlink";
import type { ByteWorker } from "../../packages/worker/src/contract.js";
import type { Start } from "./contestant.js";

const sliceSize = 8 * 2 ** 20;

export const start: Start = async ([file], { options }) => {
  const wanted = options as Record<"md5" | "crc64", boolean>;
  if (file === undefined) throw new Error("no file is picked");
  const slices = Array.from({ length: Math.ceil(file.size / sliceSize) }, (_, i) =>
    file.slice(i * sliceSize, (i + 1) * sliceSize),
  );
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  const hands = wrap<ByteWorker>(worker);
  for (let call = 0; slices.length > 0; call += 1) {
    const [first, ...others] = slices.splice(0, slices.length < 4 ? 1 : 4) as [Blob, ...Blob[]];
    const [b, c, d] = others;
    const isFour = b !== undefined && c !== undefined && d !== undefined;
    const outcome = await (isFour
      ? hands.digestFour(call, [first, b, c, d], wanted, 30_000)
      : hands.digest(call, first, wanted, 30_000));
    if (!outcome.ok) throw new Error(outcome.failure.message);
  }
};
