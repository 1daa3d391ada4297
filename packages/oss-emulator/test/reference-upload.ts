/** The reference upload: three parts whose digests are published, stored and ready to be completed. */
import { createHash } from "node:crypto";
import type { Emulator } from "../src/index.js";
import { createClient, type Reply, type SignedClient } from "./signed-client.js";
import { emulatorWith, referenceBytes } from "./world.js";

export const partSize = 102_400;
export const bytes = referenceBytes(250_000);
export const slices = [0, partSize, 2 * partSize].map((start) => bytes.subarray(start, start + partSize));
export const etags = [
  "262E402B2319A30BFB4DB50FE0AEF363",
  "C061F513CC90E0403C55B2B5BE2ABD9D",
  "EBE387C1308EC42A075D36B66FE1C53F",
];
export const named = etags.map((etag, i) => [i + 1, `"${etag}"`] as [number, string]);
export const small = Buffer.from("small");
export const smallEtag = createHash("md5").update(small).digest("hex").toUpperCase();

/** An upload of "k" with the three reference parts. */
export async function threeParts(
  options: Parameters<typeof emulatorWith>[0] = {},
): Promise<{ emulator: Emulator; client: SignedClient; uploadId: string; replies: Reply[] }> {
  const emulator = await emulatorWith(options);
  const client = createClient(emulator);
  const uploadId = await client.initiate("k", { "x-oss-meta-a": "1", "content-type": "text/plain" });
  const replies = await Promise.all(slices.map((slice, i) => client.part("k", uploadId, i + 1, slice)));
  return { emulator, client, uploadId, replies };
}
