import { describe, expect, test } from "vitest";
import { parseOptions, sectionNames } from "./options.js";

describe("the command line", () => {
  test("asks for everything at full size and writes it down, unless told otherwise", () => {
    expect(parseOptions([])).toEqual({
      only: sectionNames,
      size: 512 * 2 ** 20,
      runs: 5,
      rate: undefined,
      who: undefined,
      out: "docs/benchmarks.md",
      profile: undefined,
    });
  });

  test.each([[["--size", "64"]], [["--only", "line"]], [["--rate", "8000"]], [["--who", "Ossicle"]]])(
    "with %j measures a part, which must not replace the whole",
    (args) => {
      expect(parseOptions(args)?.out).toBeUndefined();
      expect(parseOptions([...args, "--out", "here.md"])?.out).toBe("here.md");
    },
  );

  test("may come with the two dashes of pnpm, and name several sections", () => {
    expect(parseOptions(["--", "--only", "line", "--only", "parts"])?.only).toEqual(["line", "parts"]);
  });

  test.each([
    [["--only", "everything"], /--only everything is not one of lines, loopback, limit, line/],
    [["--size", "0"], /--size 0 is not a whole number above 0/],
    [["--rate", "fast"], /--rate fast is not a whole number above 0/],
    [["--runs", "2.5"], /--runs 2.5 is not a whole number above 0/],
    [["--nonsense"], /--nonsense/],
  ])("%j is refused", (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });

  test("explains itself", () => {
    expect(parseOptions(["--help"])).toBeUndefined();
  });
});
