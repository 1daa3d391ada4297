import { createUploader, ossStore } from "@ossicle/core";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import { usePending, useUpload, useUploads } from "../src/index.js";

const uploader = createUploader({
  store: ossStore({ region: "cn-hangzhou", bucket: "user-files", credentials: () => Promise.reject() }),
});

function Page() {
  const { pending, isLoaded, problem } = usePending(uploader);
  return JSON.stringify([useUploads(uploader), useUpload(undefined) ?? null, pending, isLoaded, problem]);
}

test("a server renders what a page knows before it has looked: no uploads, nothing pending", () => {
  expect(renderToString(createElement(Page)).replaceAll("&quot;", '"')).toBe("[[],null,[],false,null]");
});
