/** Something between page and store refuses large bodies: parts become smaller, and nothing that is stored goes again. */
import { expect, test } from "vitest";
import { UploadError } from "../../src/errors.js";
import type { ObjectStore } from "../../src/store/object-store.js";
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

type Refusal = () => UploadError;
const readable: Refusal = () => new UploadError("rejected", "413", { status: 413 });
/** Without CORS headers a page cannot read the answer. */
const unreadable: Refusal = () => new UploadError("network", "no answer that may be read");

/** @param most bytes of the largest body that comes through */
function proxied(most: number, refusal: Refusal, refused: number[] = []) {
  const pass = async <T>(body: Blob, send: () => Promise<T>): Promise<T> => {
    if (body.size <= most) return await send();
    refused.push(body.size);
    throw refusal();
  };
  return (store: ObjectStore): ObjectStore => ({
    ...store,
    putObject: (target, body, ...rest) => pass(body, () => store.putObject(target, body, ...rest)),
    putPart: (upload, number, slice, ...rest) => pass(slice, () => store.putPart(upload, number, slice, ...rest)),
  });
}

/** A page whose store repeats what fails, as the layer around it does. */
async function upload(most: number, refusal: Refusal, more: Partial<Parameters<typeof open>[1]> = {}) {
  const universe = new Universe();
  const refused: number[] = [];
  const through = proxied(most, refusal, refused);
  const page = open(universe, { partSize: "auto", settings, store: (store) => repeating(through(store)), ...more });
  const { finished } = page.uploader.upload(new MemoryFile(bytes), { key });
  const result = await page.live(finished.catch((error: unknown) => error));
  return { universe, refused, result, sizes: universe.server.calls.flatMap(({ size }) => size ?? []) };
}

/** Repeats what the network failed, up to eight times, and asks before. */
function repeating(store: ObjectStore): ObjectStore {
  const repeated = async <T>(options: Parameters<ObjectStore["putPart"]>[4], call: () => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof UploadError) || !error.temporary || attempt >= 8) throw error;
        await options.beforeRepeating?.(error, attempt);
      }
    }
  };
  return {
    ...store,
    putPart: (...call) => repeated(call[4], () => store.putPart(...call)),
    listParts: (...call) => repeated(call[1], () => store.listParts(...call)),
  };
}

test.each([
  ["readable", readable, [80, 40]],
  ["not readable", unreadable, [80, 80, 80, 40, 40, 40]],
] as const)("an answer 413 that is %s cuts the part again, until it comes through", async (_, refusal, expected) => {
  const { universe, refused, result, sizes } = await upload(20, refusal);

  expect(result).toMatchObject({ verified: "crc64" });
  expect(stored(universe)).toEqual(bytes);
  expect(refused).toEqual(expected);
  expect(sizes).toEqual([20, 20, 20, 20, 20, 20, 20, 15]);
});

test("nothing is cut smaller where nothing comes through at all", async () => {
  const silent = () => Promise.reject(unreadable());
  const refused: number[] = [];
  const through = proxied(0, unreadable, refused);
  const { result } = await upload(0, unreadable, {
    store: (store) => repeating({ ...through(store), listParts: silent }),
  });

  expect(result).toMatchObject({ code: "network" });
  expect(refused).toEqual(Array(8).fill(80));
});

test("a part of the smallest size that is refused fails as it is", async () => {
  const { result } = await upload(5, readable);

  expect(result).toMatchObject({ code: "rejected", status: 413 });
});

test("a file that is refused in one request goes in parts", async () => {
  const { universe, result, sizes } = await upload(40, readable, {
    settings: { ...settings, singlePutBelow: 1_000 },
  });

  expect(result).toMatchObject({ verified: "crc64" });
  expect(stored(universe)).toEqual(bytes);
  expect(sizes).toEqual([30, 30, 10, 30, 30, 25]);
});
