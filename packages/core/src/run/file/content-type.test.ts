import { describe, expect, test } from "vitest";
import { fixedOptions } from "../../upload/target.js";
import { withContentType } from "./content-type.js";

const bytes = ["bytes"];
const typeOf = (key: string, file: Blob, contentType?: string) =>
  withContentType({ key, ...(contentType !== undefined && { contentType }) }, file).contentType;

describe("the content type of an object", () => {
  test("is what the app says, whatever the file says", () => {
    expect(typeOf("a.png", new File(bytes, "a.jpg", { type: "image/jpeg" }), "text/plain")).toBe("text/plain");
  });

  test("is the file's own where the app says nothing", () => {
    expect(typeOf("a.png", new File(bytes, "a.txt", { type: "image/jpeg" }))).toBe("image/jpeg");
  });

  test("is guessed from the name of a file without a type, before its key", () => {
    expect(typeOf("photos/1.jpg", new File(bytes, "IMG_1.HEIC"))).toBe("image/heic");
  });

  test("is guessed from the key where the file's name says nothing, or there is none", () => {
    expect(typeOf("films/a.mkv", new File(bytes, "a"))).toBe("video/x-matroska");
    expect(typeOf("films/a.mkv", new Blob(bytes))).toBe("video/x-matroska");
  });

  test.each([
    ["notes.md", "text/markdown"],
    ["backup.tar.gz", "application/gzip"],
    ["目录/报告.DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
    ["model.unknown", "application/octet-stream"],
    ["no-extension", "application/octet-stream"],
    ["folder.zip/file", "application/octet-stream"],
    [".zip", "application/octet-stream"],
    ["folder/.zip", "application/octet-stream"],
    ["ends-with.", "application/octet-stream"],
    ["object.constructor", "application/octet-stream"],
  ])("of %s is %s", (key, type) => {
    expect(typeOf(key, new Blob(bytes))).toBe(type);
  });

  test("that was guessed is no reason to begin anew when the file has another name", () => {
    const target = { key: "films/1" };
    const renamed = withContentType(target, new File(bytes, "b.mov")).contentType;

    expect(withContentType(target, new File(bytes, "a.mp4")).contentType).not.toBe(renamed);
    expect(fixedOptions(target)).toBe(fixedOptions({ key: "films/1" }));
  });
});
