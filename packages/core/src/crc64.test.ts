import fc from "fast-check";
import { createCRC64 } from "hash-wasm";
import { describe, expect, test } from "vitest";
import { crc64By } from "./crc64.js";
import { combineAll, crc64 } from "./crc64-ecma.js";

const combine = (crcA: bigint, crcB: bigint, lengthB: number) =>
  combineAll([
    { crc64: crcA, length: 0 },
    { crc64: crcB, length: lengthB },
  ]);
const text = (value: string) => new TextEncoder().encode(value);

describe("crc64", () => {
  test.each([
    ["", 0n],
    ["a", 3675645893302102789n],
    ["123456789", 11051210869376104954n],
    ["This is a test of the emergency broadcast system.", 2871916124362751090n],
    ["hello world", 5981764153023615706n],
    ["Even if I could be Shakespeare, I think I should still choose to be Faraday. - A. Huxley", 8850241425668899847n],
  ])("of %j is what the vendor's SDK expects", (input, expected) => {
    expect(crc64(text(input))).toBe(expected);
  });

  test("of 102,400 zero bytes is the published value", () => {
    expect(crc64(new Uint8Array(102_400))).toBe(15337097285471591505n);
  });

  test("agrees with hash-wasm on any bytes", async () => {
    const hasher = await createCRC64();

    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(crc64(bytes)).toBe(BigInt(`0x${hasher.init().update(bytes).digest("hex")}`));
      }),
    );
  });

  test("continues from the CRC of what came before", () => {
    expect(crc64(text("6789"), crc64(text("12345")))).toBe(crc64(text("123456789")));
  });
});

describe("by another polynomial", () => {
  // CRC-64/NVME, as other services have it.
  const nvme = crc64By(0x9a6c9329ac4bc9b5n);

  test("gives the published value of 123456789", () => {
    expect(nvme.crc64(text("123456789"))).toBe(0xae8b14860a799888n);
  });

  test("joins pieces by its own rule, whatever was joined by another before", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
        const pieces = [a, b].map((bytes) => ({ crc64: nvme.crc64(bytes), length: bytes.length }));
        combineAll(pieces);
        expect(nvme.combineAll(pieces)).toBe(nvme.crc64(Uint8Array.of(...a, ...b)));
      }),
    );
  });
});

describe("combine", () => {
  test("joins the published halves of 123456789", () => {
    expect(combine(6748440630437108969n, 10278880121275185425n, 4)).toBe(11051210869376104954n);
  });

  test("of the CRCs of two pieces is the CRC of the pieces joined, for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
        expect(combine(crc64(a), crc64(b), b.length)).toBe(crc64(Uint8Array.of(...a, ...b)));
      }),
    );
  });

  test("takes lengths beyond 32 bits: 4 GiB of zeros have the published CRC", () => {
    let zeros = crc64(new Uint8Array(1024));
    for (let length = 1024; length < 2 ** 32; length *= 2) zeros = combine(zeros, zeros, length);

    expect(zeros).toBe(18055121689221485927n);
  });

  test("is associative, also where the lengths exceed 32 bits", () => {
    const crc = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    const length = fc.integer({ min: 0, max: 2 ** 45 });

    fc.assert(
      fc.property(crc, crc, crc, length, length, (a, b, c, lengthB, lengthC) => {
        const left = combine(combine(a, b, lengthB), c, lengthC);
        const right = combine(a, combine(b, c, lengthC), lengthB + lengthC);
        expect(left).toBe(right);
      }),
    );
  });
});

describe("combineAll", () => {
  test("rebuilds the CRC of the published 250,000-byte upload from its parts", () => {
    const parts = [
      { crc64: 1967101823507420816n, length: 102_400 },
      { crc64: 10436235596245411437n, length: 102_400 },
      { crc64: 1841273657197227864n, length: 45_200 },
    ];

    expect(combineAll(parts)).toBe(10948743653105639670n);
  });

  test("is the CRC of the whole, wherever it was cut", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 12 }), (pieces) => {
        const parts = pieces.map((piece) => ({ crc64: crc64(piece), length: piece.length }));

        expect(combineAll(parts)).toBe(crc64(Uint8Array.from(Buffer.concat(pieces))));
      }),
    );
  });

  test("of nothing is the CRC of nothing", () => {
    expect(combineAll([])).toBe(0n);
  });

  test("of 10,000 equal parts is the CRC that repeated doubling gives", () => {
    const part = { crc64: crc64(text("part")), length: 4 };

    const joined = combineAll(Array.from({ length: 10_000 }, () => part));

    expect(joined).toBe(crc64(text("part".repeat(10_000))));
  });
});
