import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encode, encodeKey } from "../bucket/percent-encoding.js";
import { queryString } from "./query-string.js";

/** Any text that UTF-8 can encode; has what means something in a URL more often than by chance. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom("&", "=", "+", " ", "%", "%41", "/", "?", "#", "~", "*", "'", "(", "!"),
      fc.string({ unit: "binary" }),
    ),
  )
  .map((pieces) => pieces.join(""));
const names = fc.uniqueArray(text.filter(Boolean), { maxLength: 12 });
const entries = names.chain((all) => fc.tuple(...all.map((name) => fc.tuple(fc.constant(name), text))));
const shuffled = <T>(list: readonly T[], order: readonly number[]) =>
  list
    .map((item, index) => ({ item, rank: order[index % order.length] ?? 0 }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
const order = fc.array(fc.integer(), { minLength: 1, maxLength: 12 });

describe("a query string", () => {
  test("holds the parameters that it was made of, and no others", () => {
    fc.assert(
      fc.property(entries, (parameters) => {
        const read = [...new URLSearchParams(queryString(Object.fromEntries(parameters)))];

        expect(new Map(read)).toEqual(new Map(parameters));
        expect(read).toHaveLength(parameters.length);
      }),
    );
  });

  test("is in the order of the bytes of its encoded names, whatever order they were given in", () => {
    fc.assert(
      fc.property(entries, order, (parameters, ranks) => {
        const query = queryString(Object.fromEntries(parameters));
        const encoded = query.split("&").map((pair) => Buffer.from(pair.split("=")[0] ?? ""));

        expect(queryString(Object.fromEntries(shuffled(parameters, ranks)))).toBe(query);
        expect(encoded).toEqual([...encoded].sort(Buffer.compare));
      }),
    );
  });

  test("is of unreserved characters and escapes in capitals alone", () => {
    fc.assert(
      fc.property(entries, (parameters) => {
        expect(queryString(Object.fromEntries(parameters))).toMatch(/^([A-Za-z0-9\-._~&=]|%[0-9A-F]{2})*$/);
      }),
    );
  });
});

describe("a name", () => {
  test("that was encoded is what decoding gives back, and two are never the same", () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(decodeURIComponent(encode(a))).toBe(a);
        expect(encode(a) === encode(b)).toBe(a === b);
      }),
    );
  });

  test("of an object keeps its slashes, and nothing else that has a meaning in a path", () => {
    fc.assert(
      fc.property(text, (key) => {
        const encoded = encodeKey(key);

        expect(encoded).toMatch(/^([A-Za-z0-9\-._~/]|%[0-9A-F]{2})*$/);
        expect(encoded.split("/").map(decodeURIComponent)).toEqual(key.split("/"));
      }),
    );
  });
});
