import { pickFiles, type Upload } from "@ossicle/core";
import { usePending, useUpload, useUploads } from "@ossicle/react";
import { uploader } from "../uploader.js";

export function FileUpload() {
  const uploads = useUploads(uploader);
  const { pending } = usePending(uploader); // unfinished, of earlier pages; what needs nobody goes on by itself

  async function pick() {
    for (const picked of await pickFiles({ multiple: true })) {
      uploader.upload(picked, { key: `uploads/${picked.path}` }); // goes on if an earlier page began it
    }
  }

  return (
    <>
      <button type="button" onClick={pick}>
        Choose files
      </button>
      {pending.map((left) => (
        <p key={left.id}>
          <button type="button" onClick={() => left.goOn()}>
            Continue {left.file.name}
          </button>
          <button type="button" onClick={() => left.discard()}>
            Discard {left.file.name}
          </button>
          {left.problem?.message}
        </p>
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
      {phase !== "completed" && phase !== "cancelled" && (
        <button type="button" onClick={() => upload.cancel()}>
          Cancel
        </button>
      )}
    </li>
  );
}
