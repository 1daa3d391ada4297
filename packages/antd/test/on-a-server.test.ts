import { createUploader, ossStore } from "@ossicle/core";
import { Upload } from "antd";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import { useUploadProps } from "../src/index.js";

const uploader = createUploader({
  store: ossStore({ region: "cn-hangzhou", bucket: "user-files", credentials: () => Promise.reject() }),
});

function Page() {
  return createElement(Upload, useUploadProps(uploader), createElement("button", { type: "button" }, "Choose files"));
}

test("a server renders the widget without rows", () => {
  const html = renderToString(createElement(Page));

  expect(html).toContain("Choose files");
  expect(html).not.toContain("ant-upload-list-item");
});
