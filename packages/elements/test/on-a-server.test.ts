/** Frameworks import what a page imports on the server as well, where there are no elements. */
import { expect, test } from "vitest";

test("importing the package on a server defines nothing and throws nothing", async () => {
  expect(globalThis.customElements).toBeUndefined();

  const { OssicleUpload, formatBytes } = await import("../src/index.js");

  expect(OssicleUpload.formAssociated).toBe(true);
  expect(formatBytes(1_200_000_000)).toBe("1.20 GB");
});
