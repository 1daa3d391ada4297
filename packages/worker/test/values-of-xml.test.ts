import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createByteWorker } from "../src/byte-worker.js";
import { parseXml } from "../src/xml.js";

describe("XML becomes plain values", () => {
  it.each([
    ["a text", "<A>x</A>", { A: ["x"] }],
    ["an empty element", "<A/>", { A: [""] }],
    ["an empty element with two tags", "<A></A>", { A: [""] }],
    ["one child, which is a list as many are", "<A><B>1</B></A>", { A: [{ B: ["1"] }] }],
    ["many children", "<A><B>1</B><C/><B>2</B></A>", { A: [{ B: ["1", "2"], C: [""] }] }],
    ["digits that do not fit a number", "<A>11051210869376104954</A>", { A: ["11051210869376104954"] }],
    ["zeros in front", "<A>007</A>", { A: ["007"] }],
    [
      "words that look like values",
      "<A><B>true</B><C>null</C><D>1e3</D></A>",
      { A: [{ B: ["true"], C: ["null"], D: ["1e3"] }] },
    ],
    ["space in a text", "<A> x </A>", { A: [" x "] }],
    ["space around children", '<?xml version="1.0"?>\n<A>\n  <B>1</B>\n</A>\n', { A: [{ B: ["1"] }] }],
    ["a byte order mark", "\uFEFF<A>x</A>", { A: ["x"] }],
    ["attributes, which are left out", '<A xmlns="http://x" b="<&gt;">x</A>', { A: ["x"] }],
    ["comments and instructions, which are left out", "<!-- a --><A><?p q?>x<!-- b -->y</A>", { A: ["xy"] }],
    ["the five entities", "<A>&lt;&gt;&amp;&quot;&apos;</A>", { A: ["<>&\"'"] }],
    ["characters by number", "<A>&#65;&#x42;&#x1F600;&#xD;</A>", { A: ["AB😀\r"] }],
    ["an entity that must be decoded only once", "<A>&amp;lt;&amp;#65;</A>", { A: ["&lt;&#65;"] }],
    ["CDATA, in which entities are text", "<A>a<![CDATA[<&amp;>]]>&lt;</A>", { A: ["a<&amp;><"] }],
    ["a prefix, kept", '<a:A xmlns:a="u"><a:B/></a:A>', { "a:A": [{ "a:B": [""] }] }],
    [
      "names that objects have",
      "<A><toString>1</toString><hasOwnProperty/></A>",
      { A: [{ toString: ["1"], hasOwnProperty: [""] }] },
    ],
    ["other alphabets", "<A><键>文件.txt</键></A>", { A: [{ 键: ["文件.txt"] }] }],
  ])("%s", (_, text, expected) => {
    expect(parseXml(text)).toEqual(expected);
  });

  it.each([
    ["nothing", ""],
    ["plain text", "Service Unavailable"],
    ["JSON", '{"a": "<A/>"}'],
    ["an HTML page", "<!DOCTYPE html><html><body>502</body></html>"],
    ["HTML that is no XML", "<html><body><br>502</body></html>"],
    ["an element that does not end", "<A><B>1</B>"],
    ["tags that cross", "<A><B></A></B>"],
    ["two roots", "<A/><B/>"],
    ["text behind the root", "<A/>x"],
    ["an unknown entity", "<A>&foo;</A>"],
    ["an ampersand alone", "<A>a & b</A>"],
    ["an entity without an end", "<A>&amp x</A>"],
    ["a character that XML does not have", "<A>&#0;</A>"],
    ["half a character", "<A>&#xD800;</A>"],
    ["a number beyond all characters", "<A>&#x110000;</A>"],
    ["entities of a document type", '<!DOCTYPE A [<!ENTITY b "c">]><A>&b;</A>'],
    ["a file of the server's", '<!DOCTYPE A [<!ENTITY b SYSTEM "file:///etc/passwd">]><A>&b;</A>'],
    ["a billion laughs", '<!DOCTYPE A [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><A>&b;</A>'],
    ["elements without end", `${"<A>".repeat(100_000)}${"</A>".repeat(100_000)}`],
    ["a prototype as a root", "<__proto__><polluted>1</polluted></__proto__>"],
    ["a prototype as a child", "<A><__proto__><polluted>1</polluted></__proto__></A>"],
    ["a constructor", "<A><constructor><prototype><polluted>1</polluted></prototype></constructor></A>"],
  ])("but not %s", (_, text) => {
    expect(parseXml(text)).toBeUndefined();
    expect({}).not.toHaveProperty("polluted");
  });

  it("gives back every escaped text as it was", () => {
    const escapes: Record<string, string> = { "<": "&lt;", ">": "&gt;", "&": "&amp;", "\r": "&#13;" };
    const character = fc.oneof(
      fc.constantFrom("<", ">", "&", ";", "#", " ", "\n", "\r", "]"),
      fc.string({ unit: "grapheme" }),
    );

    fc.assert(
      fc.property(fc.array(character), (characters) => {
        const text = characters.join("");
        const escaped = text.replace(/[<>&\r]/g, (special) => escapes[special] ?? "");

        expect(parseXml(`<A><B>${escaped}</B></A>`)).toEqual({ A: [{ B: [text] }] });
      }),
    );
  });

  it("never throws, whatever the text is", () => {
    const pieces = fc.constantFrom(
      "<",
      ">",
      "/",
      "A",
      "&",
      ";",
      "<A>",
      "</A>",
      "<!--",
      "-->",
      "<![CDATA[",
      "]]>",
      "<?",
      "?>",
      '"',
      " ",
    );

    fc.assert(
      fc.property(fc.array(pieces), (all) => {
        const value = parseXml(all.join(""));

        expect(["undefined", "object"]).toContain(typeof value);
      }),
    );
  });
});

it("a worker tells XML from other text", async () => {
  const worker = createByteWorker();

  expect(await worker.parseXml("<A>1</A>")).toEqual({ ok: true, value: { A: ["1"] } });
  expect(await worker.parseXml("A")).toMatchObject({ ok: false, failure: { kind: "invalid" } });
});
