/** An app in StrictMode with two lists over one uploader, each of which can be unmounted. */
import { createUploader, type OssStoreOptions, ossStore, pickFiles, type Upload } from "@ossicle/core";
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { usePending, useUpload, useUploads } from "../../src/index.js";

declare global {
  interface Window {
    /** Handed over by the test. */
    readonly place: OssStoreOptions;
  }
}

const uploader = createUploader({ store: ossStore(window.place), singlePutBelow: 0 });

async function pick() {
  for (const picked of await pickFiles({ multiple: true })) uploader.upload(picked, { key: picked.path });
}

/** A file with a handle, as Chromium's picker gives it, which goes on after a reload without anybody. */
async function uploadKept() {
  const handle = await (await navigator.storage.getDirectory()).getFileHandle("kept.bin", { create: true });
  const writable = await handle.createWritable();
  await writable.write(new Uint8Array(3 * 2 ** 20).map((_, at) => at % 251));
  await writable.close();
  uploader.upload(handle, { key: "kept.bin" });
}

function App() {
  const [mounted, setMounted] = useState(["left", "right"]);
  return (
    <>
      <button type="button" onClick={pick}>
        Choose files
      </button>
      <button type="button" onClick={uploadKept}>
        Upload a kept file
      </button>
      <button type="button" onClick={() => setMounted(mounted.length === 0 ? ["left", "right"] : [])}>
        Toggle lists
      </button>
      {mounted.map((name) => (
        <List key={name} name={name} />
      ))}
    </>
  );
}

function List({ name }: { readonly name: string }) {
  const uploads = useUploads(uploader);
  const { pending, isLoaded } = usePending(uploader);
  return (
    <section aria-label={name} aria-busy={!isLoaded}>
      {pending.map((left) => (
        <p key={left.id}>
          {left.file.name} {left.problem?.message}
          <button type="button" onClick={() => left.goOn()}>
            Continue in {name}
          </button>
          <button type="button" onClick={() => left.discard()}>
            Discard in {name}
          </button>
        </p>
      ))}
      <ul>
        {uploads.map((upload) => (
          <Row key={upload.id} upload={upload} />
        ))}
      </ul>
    </section>
  );
}

function Row({ upload }: { readonly upload: Upload }) {
  const { phase, progress } = useUpload(upload);
  return (
    <li>
      {upload.key}: {phase}
      <progress aria-label={upload.key} value={progress.fraction} />
      <button type="button" onClick={() => upload.cancel()}>
        Cancel
      </button>
    </li>
  );
}

createRoot(document.querySelector("main") as HTMLElement).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
