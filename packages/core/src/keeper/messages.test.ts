import { expect, test } from "vitest";
import { type Asked, readAnswer, readAsked, sealed } from "./messages.js";

const file = new Blob(["A"]);

test.each<Asked>([
  { act: "keep", scope: "s", files: [{ id: "a", file }] },
  { act: "keep", scope: "s", files: [{ id: "a", file, note: { plain: 1 } }] },
  { act: "kept", scope: "s", ids: ["a"] },
  { act: "queued", scope: "s" },
  { act: "release", scope: "s", ids: ["a"] },
  { act: "release", scope: "s", ids: undefined },
])("what is asked comes across: %j", (asked) => {
  expect(readAsked(sealed(asked))).toEqual(asked);
});

test("what is answered comes across", () => {
  expect(readAnswer(sealed({ act: "files", files: [{ id: "a", file }] }))).toEqual({
    act: "files",
    files: [{ id: "a", file }],
  });
});

const ours = { ossicle: "keeper", version: 1, scope: "" };

test.each<[unknown]>([
  [undefined],
  [null],
  ["kept"],
  [7],
  [{ type: "SKIP_WAITING" }],
  [{ act: "kept", scope: "", ids: [] }],
  [{ ...ours, version: 2, act: "kept", ids: [] }],
  [{ ...ours, scope: undefined, act: "kept", ids: [] }],
  [{ ...ours, act: "kept" }],
  [{ ...ours, act: "kept", ids: [7] }],
  [{ ...ours, act: "keep", files: [{ id: "a", file: "a path" }] }],
  [{ ...ours, act: "keep", files: [{ file }] }],
  [{ ...ours, act: "release", ids: "all" }],
  [{ ...ours, act: "drop" }],
])("a message of the app, or of another version, is not for a keeper: %j", (message) => {
  expect(readAsked(message)).toBeUndefined();
  expect(readAnswer(message)).toBeUndefined();
});
