import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { record, surface } from "./api.mjs";

test("what users can see of the package is what was recorded: run `pnpm api` after a change that was meant", async () => {
  const recorded = readFileSync(record, "utf8");

  const present = await surface();

  expect(present).toBe(recorded);
});
