import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { ETag, ObjectInfo, PartNames } from "../object-store.js";
import { agrees, etagOf, proofOf } from "./proof.js";

const md5 = async (text: string) => new Uint8Array(createHash("md5").update(text).digest());
const object = (etag: string | undefined, more: Partial<ObjectInfo> = {}): ObjectInfo => ({
  key: "a",
  size: undefined,
  etag: etag as ETag | undefined,
  crc64: undefined,
  versionId: undefined,
  requestId: undefined,
  callback: undefined,
  ...more,
});
/** A part whose bytes were compared with a digest of ours. */
const part = (etag: string): PartNames => ({ size: 1, etag: etag as ETag, crc64: 7n });
const named = (etag: string): PartNames => ({ ...part(etag), crc64: undefined });

describe("the ETag of an object made of parts", () => {
  const etags = [
    "3349DC700140D7F86A078484278075A9",
    "8EFDA8BE206636A695359836FE0A0E0A",
    "8C315065167132444177411FDA149B92",
  ];
  const whole = "B864DB6A936D376F9F8D3ED3BBE540DD-3";

  test("is the one that the vendor's Complete example shows", async () => {
    expect(await proofOf(object(whole), etags.map(part), md5)).toBe("etag");
  });

  test("is the same whatever the case of its letters", async () => {
    const lower = etags.map((etag) => part(etag.toLowerCase()));

    expect(await proofOf(object(whole.toLowerCase()), lower, md5)).toBe("etag");
  });

  test("of another number of parts needs no hash to be another one", async () => {
    const unneeded = () => Promise.reject(new Error("hashed"));

    expect(await proofOf(object(whole), etags.slice(1).map(part), unneeded)).toBe("different");
  });

  test("proves nothing where no digest of ours was compared with a part: the store agrees with itself", async () => {
    expect(await proofOf(object(whole), etags.map(named), md5)).toBe("unproved");
    expect(await proofOf(object(whole), [...etags.slice(1).map(part), named(etags[0] ?? "")], md5)).toBe("unproved");
  });

  test("is made of names that are no MD5s where the store gave such, as under KMS", async () => {
    const opaque = etags.map((etag) => ({ ...part(etag), md5: new Uint8Array(16) }));

    expect(await proofOf(object(whole), opaque, md5)).toBe("etag");
  });

  test("proves nothing where a part's name is not of the kind that the rule is about", async () => {
    expect(await proofOf(object(whole), [...etags.slice(1).map(part), part("opaque")], md5)).toBe("unproved");
  });

  test("of the published 250,000-byte upload follows from its parts", async () => {
    const names = [
      "262E402B2319A30BFB4DB50FE0AEF363",
      "C061F513CC90E0403C55B2B5BE2ABD9D",
      "EBE387C1308EC42A075D36B66FE1C53F",
    ];

    expect(await proofOf(object("CAE301B72871E23F9E94D830E24D8D44-3"), names.map(part), md5)).toBe("etag");
  });
});

describe("the CRC-64 of an object", () => {
  test("decides only where every part names its own", async () => {
    const parts: PartNames[] = [
      { size: 5, etag: undefined, crc64: 6748440630437108969n },
      { size: 4, etag: undefined, crc64: 10278880121275185425n },
    ];
    const whole = object(undefined, { crc64: 11051210869376104954n });

    expect(await proofOf(whole, parts, md5)).toBe("crc64");
    expect(await proofOf(whole, [...parts.slice(1), { size: 5, etag: undefined, crc64: undefined }], md5)).toBe(
      "unproved",
    );
  });
});

describe("the ETag of an object put whole", () => {
  const bytes = new Uint8Array(16).fill(0xab);
  const etag = etagOf(bytes);

  test("proves its content by the MD5 that we took, not by the name that the store gave before", async () => {
    expect(await proofOf(object(etag), [{ size: 1, etag: undefined, md5: bytes, crc64: undefined }], md5)).toBe("etag");
    expect(await proofOf(object(etag), [{ size: 1, etag, crc64: undefined }], md5)).toBe("unproved");
  });
});

describe("an answer", () => {
  const digest = { md5: new Uint8Array(16).fill(0xab), crc64: 7n, size: 1 };
  const etag = etagOf(digest.md5);

  test.each([
    ["the same ETag and CRC", { etag, crc64: 7n }, true],
    ["the same ETag in lower case", { etag: etag.toLowerCase() as ETag, crc64: undefined }, true],
    ["nothing", { etag: undefined, crc64: undefined }, true],
    ["another ETag, which need not be an MD5, and the same CRC", { etag: "0".repeat(32) as ETag, crc64: 7n }, true],
    ["another ETag and no CRC", { etag: "0".repeat(32) as ETag, crc64: undefined }, false],
    ["another CRC", { etag, crc64: 8n }, false],
  ])("that names %s agrees with the digest: %s → %s", (_, answer, expected) => {
    expect(agrees(answer, digest)).toBe(expected);
  });

  test("cannot disagree with what was not computed", () => {
    expect(agrees({ etag, crc64: 8n }, { md5: undefined, crc64: undefined, size: 1 })).toBe(true);
  });
});
