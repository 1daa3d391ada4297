/** An app in StrictMode with two widgets over one uploader, that can be unmounted: documents, and one picture in a card. */
import { createUploader, type OssStoreOptions, ossStore } from "@ossicle/core";
import { Button, ConfigProvider, Upload } from "antd";
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { useUploadProps } from "../../src/index.js";

declare global {
  interface Window {
    /** Handed over by the test. */
    readonly place: OssStoreOptions;
  }
}

const uploader = createUploader({ store: ossStore(window.place), singlePutBelow: 0 });
const told: string[] = [];
Object.assign(window, { told });

function Documents() {
  const props = useUploadProps(uploader, {
    prefix: "documents/",
    optionsOf: (file) => ({ key: file.name === "stray.bin" ? "elsewhere/stray.bin" : `documents/${file.name}` }),
    onRemove: ({ name }) => name !== "precious.bin",
  });
  return (
    <section aria-label="documents">
      <Upload
        multiple
        {...props}
        onChange={({ file }) => {
          const line = `${file.name} ${file.status}`;
          if (told.at(-1) !== line) told.push(line);
        }}
      >
        <Button>Choose documents</Button>
      </Upload>
    </section>
  );
}

function Picture() {
  const props = useUploadProps(uploader, {
    prefix: "pictures/",
    listType: "picture-card",
    maxCount: 1,
    urlOf: async ({ key }) => `${location.origin}/signed/${key}`,
  });
  return (
    <section aria-label="picture">
      <Upload accept="image/*" {...props}>
        <button type="button">Choose a picture</button>
      </Upload>
    </section>
  );
}

function App() {
  const [isMounted, setMounted] = useState(true);
  return (
    <>
      <Button onClick={() => setMounted(!isMounted)}>Toggle widgets</Button>
      {isMounted && (
        <>
          <Documents />
          <Picture />
        </>
      )}
    </>
  );
}

createRoot(document.querySelector("main") as HTMLElement).render(
  <StrictMode>
    <ConfigProvider theme={{ token: { motion: false } }}>
      <App />
    </ConfigProvider>
  </StrictMode>,
);
