/** Random texts with what has a meaning in headers, XML, URLs and paths. */
import fc from "fast-check";

/** Has what ends a header, an element, a parameter or a path more often than by chance. */
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

/** The same without the characters that XML and headers cannot hold, however they are escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is left out
export const uncontrolled = hostile.map((text) => text.replace(/[\u0000-\u001f\u007f\ufffe\uffff]/g, "").trim());
