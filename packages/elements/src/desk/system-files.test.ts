import { expect, test } from "vitest";
import { isSystemFile } from "./system-files.js";

test.each([
  "holiday/.DS_Store",
  "holiday/Thumbs.db",
  "holiday/day 1/desktop.ini",
  "holiday/._beach.jpg",
  "papers/~$report.docx",
  "__MACOSX/holiday/beach.jpg",
])("%s is nothing that somebody means to upload", (path) => {
  expect(isSystemFile(path)).toBe(true);
});

test.each([".DS_Store", "holiday/.env", "holiday/thumbs.dbx", "holiday/my desktop.ini.txt", "holiday/beach.jpg"])(
  "%s is taken",
  (path) => {
    expect(isSystemFile(path)).toBe(false);
  },
);
