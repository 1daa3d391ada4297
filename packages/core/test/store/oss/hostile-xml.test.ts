/** Texts that look like markup stay text, in the XML that we write and in the XML that we read. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCompleteBody } from "../../../../oss-emulator/src/operations/complete-body.js";
import { element, parent, xmlDocument } from "../../../../oss-emulator/src/xml.js";
import { parseXml } from "../../../../worker/src/xml.js";
import {
  errorIn,
  readCompleted,
  readErrorDocument,
  readInitiated,
  readPartsPage,
} from "../../../src/store/bucket/answers.js";
import type { ETag, StoredPart, UploadId } from "../../../src/store/object-store.js";
import { ossDialect } from "../../../src/store/oss/oss-dialect.js";
import { completeRequest } from "../../../src/store/oss/oss-requests.js";
import { listedCrc64 } from "../../../src/store/oss/read-crc64.js";
import type { XmlValue } from "../../../src/workers/byte-workers.js";
import { uncontrolled } from "./hostile.js";

describe("in XML", () => {
  // An ETag comes without quotes: the library has taken them off.
  const etag = uncontrolled.map((text) => text.replaceAll('"', "")).filter(Boolean);
  const parts = fc
    .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 10_000 }), etag), { minLength: 1, selector: ([number]) => number })
    .map((list) =>
      list
        .sort(([a], [b]) => a - b)
        .map(([number, name]): StoredPart => ({ number, etag: name as ETag, size: 1, crc64: undefined })),
    );

  test("the list of parts says exactly the parts, to the service and to another parser", () => {
    fc.assert(
      fc.property(parts, (list) => {
        const { body } = completeRequest({ key: "a", id: "U" as UploadId }, list, {});

        const document = new TextDecoder().decode(body as Uint8Array);
        expect(parseCompleteBody(document)).toEqual(
          list.map(({ number, etag: name }) => ({ number, etag: name.toUpperCase() })),
        );
        expect(parseXml(document)).toEqual({
          CompleteMultipartUpload: [
            { Part: list.map(({ number, etag: name }) => ({ PartNumber: [`${number}`], ETag: [`"${name}"`] })) },
          ],
        });
      }),
    );
  });

  test("what a document says is what was written into it", () => {
    fc.assert(
      fc.property(uncontrolled, uncontrolled.filter(Boolean), (message, id) => {
        const refusal = parseXml(
          xmlDocument("Error", [element("Code", "AccessDenied"), element("Message", message), element("HostId", id)]),
        );
        const begun = parseXml(
          parent("InitiateMultipartUploadResult", [element("Key", message), element("UploadId", id)]),
        );

        expect(readErrorDocument(refusal)).toMatchObject({ code: "AccessDenied", message, hostId: id });
        expect(readInitiated(begun)).toEqual({ key: message, uploadId: id });
      }),
    );
  });

  test("a listing of parts says what was written into it, and asks for no page that was not named", () => {
    fc.assert(
      fc.property(parts, uncontrolled, fc.option(fc.integer({ min: 1, max: 10_000 })), (list, key, next) => {
        const listing = parseXml(
          xmlDocument("ListPartsResult", [
            element("Key", key),
            element("IsTruncated", String(next !== null)),
            ...(next === null ? [] : [element("NextPartNumberMarker", next)]),
            ...list.map(({ number, etag: name, size }) =>
              parent("Part", [element("PartNumber", number), element("ETag", `"${name}"`), element("Size", size)]),
            ),
          ]),
        );

        expect(readPartsPage(listing, listedCrc64)).toEqual({ parts: list, next: next ?? undefined });
      }),
    );
  });

  test("whatever a document holds, it is read as what was asked for or as nothing", () => {
    const tag = fc.constantFrom("Error", "Code", "Part", "ETag", "Size", "UploadId", "Key", "__proto__", "constructor");
    const roots = [
      "InitiateMultipartUploadResult",
      "ListPartsResult",
      "CompleteMultipartUploadResult",
      "Error",
    ] as const;
    const { node } = fc.letrec<{ node: XmlValue }>((tie) => ({
      node: fc.oneof(
        { depthSize: "small" },
        uncontrolled,
        fc.dictionary(tag, fc.array(tie("node"), { maxLength: 3 }), { maxKeys: 4 }),
      ),
    }));

    fc.assert(
      fc.property(fc.constantFrom(...roots), node, (root, content) => {
        const document = { [root]: [content] };

        expect(typeof (readInitiated(document)?.uploadId ?? "")).toBe("string");
        expect(typeof (readErrorDocument(document)?.code ?? "")).toBe("string");
        expect(typeof (ossDialect.detailsOf(errorIn(document), {}).endpoint ?? "")).toBe("string");
        expect(typeof (readCompleted(document)?.etag ?? "")).toBe("string");
        for (const { number, size } of readPartsPage(document, listedCrc64)?.parts ?? []) {
          expect([number, size].every(Number.isSafeInteger)).toBe(true);
        }
      }),
    );
  });
});
