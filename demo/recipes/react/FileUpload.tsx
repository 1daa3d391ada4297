import { type PendingUpload, pickFiles, type Upload } from "@ossicle/core";
import { useEffect, useState } from "react";
import { uploader } from "../uploader.js";
import { useUpload } from "./use-upload.js";

export function FileUpload() {
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const [left, setLeft] = useState<readonly PendingUpload[]>([]); // unfinished, of earlier pages
  useEffect(() => {
    uploader.pending().then(setLeft);
  }, []);

  function show(upload: Upload) {
    setUploads((before) => (before.includes(upload) ? before : [...before, upload]));
    setLeft((before) => before.filter(({ key }) => key !== upload.key));
  }
  async function pick() {
    for (const picked of await pickFiles({ multiple: true })) {
      show(uploader.upload(picked, { key: `uploads/${picked.path}` })); // goes on if an earlier page began it
    }
  }
  const goOn = async (pending: PendingUpload) => (pending.needs === "file" ? pick() : show(await pending.resume()));

  return (
    <>
      <button type="button" onClick={pick}>
        Choose files
      </button>
      {left.map((pending) => (
        <button type="button" key={pending.id} onClick={() => goOn(pending)}>
          Continue {pending.file.name}
        </button>
      ))}
      <ul>
        {uploads.map((upload) => (
          <UploadRow key={upload.id} upload={upload} />
        ))}
      </ul>
    </>
  );
}

function UploadRow({ upload }: { readonly upload: Upload }) {
  const state = useUpload(upload);
  const { phase, progress } = state;
  return (
    <li>
      {upload.file?.name}
      <progress aria-label={upload.key} value={progress.fraction} />
      {phase === "failed" ? state.error.message : phase}
      {phase === "uploading" && (
        <button type="button" onClick={() => upload.pause()}>
          Pause
        </button>
      )}
      {(phase === "paused" || phase === "failed") && (
        <button type="button" onClick={() => upload.resume()}>
          Resume
        </button>
      )}
    </li>
  );
}
