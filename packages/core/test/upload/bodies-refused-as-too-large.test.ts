/** Something between page and store refuses large bodies: parts become smaller, and nothing that is stored goes again. */
import { expect, test } from "vitest";
import { UploadError } from "../../src/errors.js";
import type { CallOptions, ObjectStore } from "../../src/store/object-store.js";
import { MemoryFile, seededBytes } from "../doubles/memory-file.js";
import { Universe } from "../world/page.js";
import { key, open, stored } from "../world/scene.js";

const unit = 10;
const bytes = seededBytes(155, 5);
/** Parts of eight units, unless the line lets only smaller ones through. */
const settings = {
  unit,
  nextPartSize: ({ largestBody }: { readonly largestBody: number }) =>
    Math.max(1, Math.min(8, Math.floor(largestBody / unit))) * unit,
};

type Refusal = (divisible: boolean | undefined) => UploadError;
const readable: Refusal = () => new UploadError("rejected", "413", { status: 413, tooLarge: "refused" });
/** Without CORS headers a page cannot read the answer: after some attempts the layer that retries guesses the reason. */
const unreadable: Refusal = (divisible) =>
  new UploadError("network", "no answer that may be read", { ...(divisible && { tooLarge: "guessed" }) });

/** @param most bytes of the largest body that comes through */
function proxied(most: number, refusal: Refusal, refused: number[] = []) {
  const pass = async <T>(body: Blob, { divisible }: CallOptions, send: () => Promise<T>): Promise<T> => {
    if (body.size <= most) return await send();
    refused.push(body.size);
    throw refusal(divisible);
  };
  return (store: ObjectStore): ObjectStore => ({
    ...store,
    putObject: (...call) => pass(call[1], call[3], () => store.putObject(...call)),
    putPart: (...call) => pass(call[2], call[4], () => store.putPart(...call)),
  });
}

async function upload(most: number, refusal: Refusal, more: Partial<Parameters<typeof open>[1]> = {}) {
  const universe = new Universe();
  const refused: number[] = [];
  const through = proxied(most, refusal, refused);
  const page = open(universe, { partSize: "auto", settings, store: through, ...more });
  const { finished } = page.uploader.upload(new MemoryFile(bytes), { key });
  const result = await page.live(finished.catch((error: unknown) => error));
  return { universe, refused, result, sizes: universe.server.calls.flatMap(({ size }) => size ?? []) };
}

test.each([
  ["readable", readable],
  ["not readable", unreadable],
] as const)("an answer 413 that is %s cuts the part again, until it comes through", async (_, refusal) => {
  const { universe, refused, result, sizes } = await upload(20, refusal);

  expect(result).toMatchObject({ verified: "crc64" });
  expect(stored(universe)).toEqual(bytes);
  expect(refused).toEqual([80, 40]);
  expect(sizes).toEqual([20, 20, 20, 20, 20, 20, 20, 15]);
});

test.each([
  [readable, { code: "rejected", status: 413 }],
  [unreadable, { code: "network" }],
])("a part of the smallest size that is refused fails as it is", async (refusal, expected) => {
  const { result } = await upload(5, refusal);

  expect(result).toMatchObject(expected);
});

test.each([
  ["readable", readable],
  ["not readable", unreadable],
])("a file that is refused in one request goes in parts: the answer is %s", async (_, refusal) => {
  const { universe, result, sizes } = await upload(40, refusal, {
    settings: { ...settings, singlePutBelow: 1_000 },
  });

  expect(result).toMatchObject({ verified: "crc64" });
  expect(stored(universe)).toEqual(bytes);
  expect(sizes).toEqual([30, 30, 10, 30, 30, 25]);
});

test("a last part that is refused is cut for all lanes, not for the one that had sent it", async () => {
  const universe = new Universe();
  let atOnce = 0;
  let most = 0;
  const page = open(universe, {
    partSize: "auto",
    lanes: 3,
    settings: { ...settings, lanes: 3 },
    store: (store) => ({
      ...store,
      putPart: async (...call) => {
        if (call[2].size > 40) {
          await new Promise(setImmediate);
          throw readable(true);
        }
        most = Math.max(most, ++atOnce);
        return await store.putPart(...call).finally(() => (atOnce -= 1));
      },
    }),
  });

  await page.live(page.uploader.upload(new MemoryFile(bytes.slice(0, 80)), { key }).finished);

  expect(stored(universe)).toEqual(bytes.slice(0, 80));
  expect(most).toBe(2);
});
