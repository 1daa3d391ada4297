import { describe, expect, test } from "vitest";
import { document } from "../report/document.js";
import { atLeast, atMost } from "../report/section.js";
import { number, table } from "../report/table.js";

interface Row {
  readonly name: string;
  readonly speed: number;
}

describe("a table", () => {
  test("is Markdown whose columns stand under each other", () => {
    const rows: Row[] = [
      { name: "us", speed: 400 },
      { name: "somebody", speed: 31 },
    ];

    const text = table(
      [
        { head: "who", align: "left", cell: ({ name }: Row) => name },
        { head: "MB/s", cell: ({ speed }: Row) => String(speed) },
      ],
      rows,
    );

    expect(text.split("\n")).toEqual([
      "| who      | MB/s |",
      "| -------- | ---: |",
      "| us       |  400 |",
      "| somebody |   31 |",
    ]);
  });

  test.each([
    [0.853, "0.85"],
    [3.44, "3.4"],
    [12.3, "12"],
    [1234.5, "1,235"],
    [Number.NaN, "–"],
    [Number.POSITIVE_INFINITY, "–"],
  ])("shows %d with the digits that mean something: %s", (value, text) => {
    expect(number(value)).toBe(text);
  });
});

describe("a promise", () => {
  test.each([
    [atLeast("speed", 0.95, 0.95), true, "≥ 0.95"],
    [atLeast("speed", 0.949, 0.95), false, "≥ 0.95"],
    [atMost("gap", 16, 16, 0), true, "≤ 16"],
    [atMost("gap", 16.1, 16, 1), false, "≤ 16"],
    [atMost("gap", Number.NaN, 16, 1), false, "≤ 16"],
  ])("is judged by what was seen, not by what is shown: %j", (promised, isKept, wanted) => {
    expect(promised).toMatchObject({ isKept, wanted });
  });

  test("stands at the top of the document, with the machine it was kept on", () => {
    const text = document({
      reports: [
        { title: "On loopback", body: "| a |", promises: [atLeast("speed", 1, 0.95), atMost("gap", 20, 16, 0)] },
      ],
      machine: ["Machine: two cores"],
      seconds: 900,
    });

    const lines = text.split("\n");
    expect(lines).toContain("- Machine: two cores");
    expect(lines).toContain("- Took 15 min");
    expect(lines.filter((line) => /kept|missed/.test(line))).toEqual([
      "| speed |   ≥ 0.95 | 1.00 | kept   |",
      "| gap   |     ≤ 16 |   20 | missed |",
    ]);
    expect(lines.indexOf("## What is promised")).toBeLessThan(lines.indexOf("## On loopback"));
  });
});
