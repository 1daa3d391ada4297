/** Forms that try to be another request than they look like, or none at all. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openForm } from "../src/http/form-data.js";
import { end, formBody, formFields, partOf, post, sendForm, withField } from "./posting.js";
import { emulatorWith } from "./world.js";

const fields = () => formFields({}).map(([name, value]) => partOf(name, value));
const file = partOf("file", "x", '; filename="blob"\r\nContent-Type: text/plain');
const broken = { status: 400, xml: { Code: "MalformedPOSTRequest" } };

test.each<[string, () => Buffer]>([
  ["two files", () => Buffer.concat([...fields(), file, file, end])],
  ["a field after the file", () => Buffer.concat([...fields(), file, partOf("x-oss-object-acl", "private"), end])],
  ["two keys", () => Buffer.concat([...fields(), partOf("key", "other"), file, end])],
  ["a key in two spellings", () => Buffer.concat([...fields(), partOf("Key", "other"), file, end])],
  ["no file", () => Buffer.concat([...fields(), end])],
  ["no end", () => Buffer.concat([...fields(), file])],
  ["bytes after its end", () => Buffer.concat([...fields(), file, end, Buffer.from("more")])],
  ["bytes before its beginning", () => Buffer.concat([Buffer.from("preamble\r\n"), ...fields(), file, end])],
  ["nothing", () => Buffer.alloc(0)],
  ["a part without a name", () => Buffer.concat([...fields(), Buffer.from(`${firstLine()}\r\n\r\nx\r\n`), file, end])],
  [
    "a part with a header of its own",
    () => Buffer.concat([...fields(), partOf("a", "b", "\r\nx-oss-object-acl: private"), file, end]),
  ],
  [
    "a field that is no UTF-8",
    () => Buffer.concat([...fields(), partOf("x-oss-meta-a", Buffer.from([0xff, 0xfe])), file, end]),
  ],
  ["fields of 65 KiB", () => Buffer.concat([...fields(), partOf("x-oss-meta-a", "a".repeat(66_560)), file, end])],
])("a form with %s is refused, and nothing is stored", async (_what, body) => {
  const emulator = await emulatorWith();

  expect(await sendForm(emulator, body())).toMatchObject(broken);
  expect(emulator.objects("demo")).toEqual([]);
});

function firstLine(): string {
  return end.toString().replace(/--\r\n$/, "");
}

test.each([
  "text/plain",
  "multipart/form-data",
  "multipart/form-data; boundary=",
  'multipart/form-data; boundary="',
  "multipart/mixed; boundary=----formBoundary7MA4YWxkTrZu0gW",
  "multipart/form-data; boundary=another",
  `multipart/form-data; boundary=${"b".repeat(71)}`,
])("a form with the content type %j is refused", async (contentType) => {
  const emulator = await emulatorWith();

  expect(await post(emulator, { headers: { "content-type": contentType } })).toMatchObject(broken);
});

test("a body without a content type is refused", async () => {
  const emulator = await emulatorWith();
  const body = formBody({});
  const { status } = await fetch(`${emulator.endpoint}/demo/`, { method: "POST", body: new Uint8Array(body) });

  expect(status).toBe(400);
});

describe("line breaks", () => {
  test("a key with a line break is a key, and says nothing else", async () => {
    const emulator = await emulatorWith();
    const key = 'a\r\nContent-Disposition: form-data; name="x-oss-object-acl"\r\n\r\npublic-read';

    const { status } = await post(emulator, { key });

    expect(status).toBe(204);
    expect(emulator.objects("demo")).toMatchObject([{ key, acl: "default" }]);
  });

  test("a line break that was slipped into a signed key is refused", async () => {
    const emulator = await emulatorWith();

    const { xml } = await post(emulator, { spoil: withField("key", "k\r\n") });

    expect(xml?.Code).toBe("AccessDenied");
  });

  test("metadata that no header could give back is refused", async () => {
    const emulator = await emulatorWith();

    const { status, xml } = await post(emulator, { fields: { "x-oss-meta-a": "b\r\nx-evil: 1" } });

    expect([status, xml?.Code]).toEqual([400, "InvalidArgument"]);
  });
});

test.each(["", "/a", "\\a", "a".repeat(1024)])("the key %j is refused", async (key) => {
  const emulator = await emulatorWith();

  expect((await post(emulator, { key })).status).toBe(400);
  expect(emulator.objects("demo")).toEqual([]);
});

test.each([
  ["x-oss-object-acl", "everybody"],
  ["x-oss-server-side-encryption", "ROT13"],
  ["x-oss-storage-class", "Attic"],
  ["callback", "not json"],
  ["x-oss-forbid-overwrite", "perhaps"],
])("%s: %s is refused before the file is read", async (name, value) => {
  const emulator = await emulatorWith();

  expect((await post(emulator, { fields: { [name]: value } })).status).toBe(400);
  expect(emulator.objects("demo")).toEqual([]);
});

test("a refused form leaves its connection usable", async () => {
  const emulator = await emulatorWith();
  const refused = await sendForm(emulator, Buffer.concat([...fields(), partOf("key", "x"), file, end]));

  expect(refused.status).toBe(400);
  expect((await post(emulator, {})).status).toBe(204);
});

test("a form is read the same, wherever the network cuts it", async () => {
  const content = Buffer.from("\r\n--b\r--b-\r\n-");
  const head = (name: string, more = "") => `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`;
  const body = Buffer.concat([
    Buffer.from(`${head("key")}ключ\r\n${head("file", '; filename="f"')}`),
    // No delimiter is in it: each begins with a line break, two hyphens and the boundary.
    content.subarray(4),
    Buffer.from("\r\n--b--\r\n"),
  ]);
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.nat(body.length), { maxLength: 12 }), async (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), body.length];
      const pieces = at.slice(1).map((stop, index) => body.subarray(at[index], stop));
      const read = async function* () {
        yield* pieces;
      };

      const form = await openForm("multipart/form-data; boundary=b", read());
      const bytes: Buffer[] = [];
      for await (const piece of form.file) bytes.push(piece);

      expect([...form.fields]).toEqual([["key", "ключ"]]);
      expect(Buffer.concat(bytes)).toEqual(content.subarray(4));
    }),
  );
});
