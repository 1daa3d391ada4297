import { expect, test } from "vitest";
import { accepts } from "./accepts.js";

const film = { name: "Holiday.MP4", type: "video/mp4" };

test.each(["", " , ", ".mp4", "image/*, video/*", "video/mp4"])("a film is taken where %j is", (accept) => {
  expect(accepts(accept, film)).toBe(true);
});

test.each([".mp3", "image/*", "video/webm"])("a film is not taken where %j is", (accept) => {
  expect(accepts(accept, film)).toBe(false);
});
