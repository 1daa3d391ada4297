import { expect, test } from "vitest";
import { pastedName } from "./paste-target.js";

test("two pictures from the clipboard do not replace each other", () => {
  const at = new Date("2026-11-22T18:30:05Z");

  expect(pastedName("image.png", at)).toBe("pasted 2026-11-22 18.30.05.png");
});

test("a pasted file keeps the name it has", () => {
  expect(pastedName("holiday.mp4", new Date(0))).toBe("holiday.mp4");
});
