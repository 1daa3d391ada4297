/** CRC-64: those computed from bytes and those combined from parts are the published values. */
import { expect, test } from "vitest";
import { combineCrc64 } from "../src/crc64.js";
import { multipartEtag } from "../src/operations/complete.js";
import { createDigester } from "../src/storage/digester.js";
import { referenceBytes } from "./world.js";

async function crc64(bytes: Buffer): Promise<bigint> {
  const digester = await createDigester();
  digester.update(bytes);
  return BigInt(digester.digest().crc64);
}

test.each([
  ["", 0n],
  ["a", 3675645893302102789n],
  ["123456789", 11051210869376104954n],
  ["This is a test of the emergency broadcast system.", 2871916124362751090n],
  ["Even if I could be Shakespeare, I think I should still choose to be Faraday. - A. Huxley", 8850241425668899847n],
  ["hello world", 5981764153023615706n],
])("the CRC of %j is %s", async (text, expected) => {
  const computed = await crc64(Buffer.from(text));

  expect(computed).toBe(expected);
});

test("the CRC of 100 KiB of zeros is the published one", async () => {
  const computed = await crc64(Buffer.alloc(102_400));

  expect(computed).toBe(15337097285471591505n);
});

test("the CRC of a text is that combined from two pieces, wherever it is split", async () => {
  const bytes = Buffer.from("This is a test of the emergency broadcast system.");
  const splits = Array.from({ length: bytes.length + 1 }, (_, i) => [bytes.subarray(0, i), bytes.subarray(i)] as const);

  const combined = await Promise.all(
    splits.map(async (pieces) =>
      combineCrc64(await Promise.all(pieces.map(async (piece) => ({ crc64: await crc64(piece), size: piece.length })))),
    ),
  );

  expect(new Set(combined)).toEqual(new Set([2871916124362751090n]));
});

test("the CRC of 4 GiB of zeros is that combined from pieces of 100 KiB and a rest", async () => {
  const size = 102_400;
  const count = Math.floor(2 ** 32 / size);
  const rest = 2 ** 32 - count * size;
  const pieces = [...Array.from({ length: count }, () => size), rest];
  const crcs = new Map([
    [size, await crc64(Buffer.alloc(size))],
    [rest, await crc64(Buffer.alloc(rest))],
  ]);

  const combined = combineCrc64(pieces.map((length) => ({ size: length, crc64: crcs.get(length) ?? 0n })));

  expect(combined).toBe(18055121689221485927n);
});

test("the reference upload has the published digests, in parts and as a whole", async () => {
  const bytes = referenceBytes(250_000);
  const slices = [0, 102_400, 204_800].map((start) => bytes.subarray(start, start + 102_400));

  const digests = await Promise.all(
    slices.map(async (slice) => {
      const digester = await createDigester();
      digester.update(slice);
      const { md5, crc64: crc } = digester.digest();
      return { etag: md5.toString("hex").toUpperCase(), crc64: BigInt(crc), size: slice.length };
    }),
  );

  expect(digests).toEqual([
    { etag: "262E402B2319A30BFB4DB50FE0AEF363", crc64: 1967101823507420816n, size: 102_400 },
    { etag: "C061F513CC90E0403C55B2B5BE2ABD9D", crc64: 10436235596245411437n, size: 102_400 },
    { etag: "EBE387C1308EC42A075D36B66FE1C53F", crc64: 1841273657197227864n, size: 45_200 },
  ]);
  expect(combineCrc64(digests.slice(0, 2))).toBe(16137314944733743733n);
  expect(combineCrc64(digests)).toBe(10948743653105639670n);
  expect(multipartEtag(digests.map(({ etag }) => etag))).toBe("CAE301B72871E23F9E94D830E24D8D44-3");
});

test("a multipart ETag hashes the parts' ETags as text, as the service's own example shows", () => {
  const etag = multipartEtag([
    "3349DC700140D7F86A078484278075A9",
    "8EFDA8BE206636A695359836FE0A0E0A",
    "8C315065167132444177411FDA149B92",
  ]);

  expect(etag).toBe("B864DB6A936D376F9F8D3ED3BBE540DD-3");
});
