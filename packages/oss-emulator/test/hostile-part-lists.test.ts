/** Malformed bodies of CompleteMultipartUpload: each is refused, and the upload stays. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openEmulator } from "./open-emulator.js";
import { createClient } from "./signed-client.js";

/** `<a><a>…</a></a>` with `depth` elements inside each other. */
function nested(depth: number): string {
  return "<a>".repeat(depth) + "</a>".repeat(depth);
}

const bombs = `<!DOCTYPE a [<!ENTITY a "${"a".repeat(1000)}">${[..."bcdefgh"]
  .map((name, i) => `<!ENTITY ${name} "${`&${"abcdefg"[i]};`.repeat(10)}">`)
  .join("")}]>`;
const part = (number: string, etag: string) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`;
const root = (inner: string) => `<CompleteMultipartUpload>${inner}</CompleteMultipartUpload>`;

describe("a part list", () => {
  test.each<[string, string]>([
    ["an open __proto__ as its root", "<__proto__>"],
    ["__proto__ as its root", "<__proto__/>"],
    ["__proto__ in the list", root("<__proto__>x</__proto__>")],
    ["__proto__ in a part", root("<Part><__proto__>x</__proto__><constructor>y</constructor></Part>")],
    ["other names that every object has", root("<constructor/><prototype/><toString/><hasOwnProperty/>")],
    ["an attribute __proto__", '<CompleteMultipartUpload __proto__="x"/>'],
    ["entities that grow exponentially", `${bombs}${root(part("1", "&h;"))}`],
    ["an entity that reads a file", `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${root(part("1", "&x;"))}`],
    ["a DOCTYPE without end", "<!DOCTYPE a [<!ENTITY"],
    ["unknown entities", root(part("&#x110000;", "&nothing;"))],
    ["a part in a part", root(`<Part>${part("1", "x")}</Part>`)],
    ["50,000 nested elements", nested(50_000)],
    ["50,000 nested elements in the list", root(nested(50_000))],
    ["only text", "x"],
    ["only its beginning", "<CompleteMultipartUpload><Part>"],
    ["another root", "<Error/>"],
    ["only CDATA in a part", root("<Part><![CDATA[<PartNumber>1</PartNumber>]]></Part>")],
    ["a comment without end", root("<!-- ")],
    ["an instruction without end", "<?xml "],
    ["a NUL", root(part("\u0000", "\u0000"))],
    ["bytes that are not UTF-8", Buffer.from([0xff, 0xfe, 0x3c]).toString("latin1")],
    ["too large a part number", root(part("99999999999999999999", "x"))],
    ["a negative part number", root(part("-1", "x"))],
    ["a part number that is not a number", root(part("NaN", "x"))],
  ])("with %s is refused, and the upload stays as it was", async (_, xml) => {
    const emulator = await openEmulator();
    const client = createClient(emulator);
    const uploadId = await client.initiate("k");
    await client.part("k", uploadId, 1, Buffer.from("x"));

    const reply = await client.call({ method: "POST", key: "k", query: { uploadId }, body: xml });

    expect([reply.status, reply.xml?.Code]).toEqual([400, expect.stringMatching(/^(MalformedXML|InvalidPart)$/)]);
    expect(emulator.uploads("demo")).toMatchObject([{ uploadId, partCount: 1 }]);
  });

  test("of random pieces of XML is refused with 400", async () => {
    const emulator = await openEmulator();
    const client = createClient(emulator);
    const uploadId = await client.initiate("k");
    const name = fc.constantFrom(
      "CompleteMultipartUpload",
      "Part",
      "PartNumber",
      "ETag",
      "__proto__",
      "constructor",
      "a:b",
    );
    const text = fc.constantFrom(
      "1",
      "x",
      "&lt;",
      "&#0;",
      "&x;",
      "]]>",
      "<![CDATA[",
      "<!--",
      "-->",
      "<?",
      "?>",
      "<!DOCTYPE",
      '"',
    );
    const tag = fc.tuple(fc.constantFrom("<", "</"), name, fc.constantFrom(">", "/>", "", " a='", ' __proto__="x">'));
    const pieces = fc.array(
      fc.oneof(
        tag.map((parts) => parts.join("")),
        text,
        name,
      ),
      { maxLength: 20 },
    );

    await fc.assert(
      fc.asyncProperty(pieces, async (all) => {
        const reply = await client.call({ method: "POST", key: "k", query: { uploadId }, body: root(all.join("")) });
        expect(reply.status).toBe(400);
      }),
      { numRuns: 300 },
    );
  });
});
