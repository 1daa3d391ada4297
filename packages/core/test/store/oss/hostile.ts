/** Texts that want to be more than text. */
import fc from "fast-check";

/** What ends a header, an element, a parameter or a path, among anything else. */
export const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom("\r\n", "\n", "\0", "%0d%0a", "&", "=", "?", "#", ";", "+", "%", "/", "..", "\\", ":", " ", '"'),
      fc.constantFrom("<", ">", "]]>", "<![CDATA[", "</ETag>", "<Part>", "&lt;", "&#65;", "<!--", "{", "}", ",", "'"),
      fc.constantFrom("x-oss-object-acl", "uploadId", "x-oss-process", "PartNumber", "__proto__", "constructor"),
      fc.string({ unit: "binary", maxLength: 4 }),
    ),
    { maxLength: 8 },
  )
  .map((pieces) => pieces.join(""));

/** Without what XML and headers cannot hold in any spelling. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is left out
export const uncontrolled = hostile.map((text) => text.replace(/[\u0000-\u001f\u007f\ufffe\uffff]/g, "").trim());
