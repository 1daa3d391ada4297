/** `<ossicle-upload>` in a React app: properties are set as props, events heard as handlers. */
import { createUploader, type OssStoreOptions, ossStore, type UploadResult } from "@ossicle/core";
import { createElement, StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import "../../../packages/elements/src/index.js";

const { place } = window as unknown as { readonly place: OssStoreOptions };
const uploader = createUploader({ store: ossStore(place) });
const keyFor = (_file: File, path: string) => `react/${path}`;

function App() {
  const [stored, setStored] = useState<readonly string[]>([]);
  const [shown, setShown] = useState(true);
  const onstored = ({ detail }: CustomEvent<UploadResult>) => setStored((keys) => [...keys, detail.key]);
  return createElement(
    "div",
    null,
    shown && createElement("ossicle-upload", { uploader, keyFor, onstored, multiple: true }),
    createElement("output", null, stored.join(" ")),
    createElement("button", { type: "button", onClick: () => setShown(!shown) }, "Show or hide"),
  );
}

const main = document.querySelector("main");
if (main !== null) createRoot(main).render(createElement(StrictMode, null, createElement(App)));
