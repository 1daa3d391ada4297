/** The worker is built without two packages of its XML parser: what it reads is what the whole parser reads. */
import fc from "fast-check";
import { rolldown } from "rolldown";
import { expect, test } from "vitest";
import { withoutNeverCalled } from "../packages/core/scripts/bundle.mjs";
import { parseXml } from "../packages/worker/src/xml.js";

async function parserAsBuilt(): Promise<{ readonly parseXml: typeof parseXml; readonly code: string }> {
  const input = new URL("../packages/worker/src/xml.ts", import.meta.url).pathname;
  const build = await rolldown({ input, platform: "browser", plugins: [withoutNeverCalled] });
  const { output } = await build.generate({ format: "esm" });
  await build.close();
  const { code } = output[0];
  return { ...(await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`)), code };
}

/** Whatever may look like XML, entities, numbers and a DOCTYPE among it. */
const piece = fc.constantFrom(
  ...["<a>", "</a>", "<b>", "</b>", "<b/>", '<a x="1">', "<?xml version='1.1'?>", "<!-- c -->", "<![CDATA[ <1> ]]>"],
  ...["&lt;", "&#60;", "&#x3c;", "&amp;", "&nbsp;", "&e;", "&cent;", "1", "0x1F", "1e3", "true", "javascript:", " "],
  ...["<!DOCTYPE a [<!ENTITY e '<script>'>]>", "<!doctype html>", "<?pi?>", "]]>", "<", ">", "&", "<__proto__>"],
);
const document = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));

test("any text is read alike by the worker as it is built", { timeout: 60_000 }, async () => {
  const built = await parserAsBuilt();
  let read = 0;

  fc.assert(
    fc.property(
      fc.oneof(
        document,
        document.map((inside) => `<a>${inside}</a>`),
      ),
      (text) => {
        const wanted = parseXml(text);
        if (wanted !== undefined) read += 1;
        expect(built.parseXml(text)).toEqual(wanted);
      },
    ),
    { numRuns: 3_000 },
  );

  expect(read).toBeGreaterThan(100);
  expect(built.code).toContain("Never called");
});
