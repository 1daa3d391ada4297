import { isAbortError, pickFiles, type Upload } from "@ossicle/core";
import { create } from "filepond";
import { uploader } from "../uploader.js";

/** By the file that the user has picked. */
const uploads = new WeakMap<Blob, Upload>();
/** FilePond makes another Blob of each file, without its type: what the user has picked, by that. */
const picks = new WeakMap<Blob, Blob>();

export const pond = create(document.body.appendChild(document.createElement("input")), {
  allowMultiple: true,
  server: {
    process(_field, file, _metadata, load, error, progress, abort) {
      const picked = picks.get(file) ?? file;
      const upload = uploads.get(picked) ?? uploader.upload(picked, { key: `uploads/${file.name}` });
      uploads.set(picked, upload);
      upload.resume(); // where FilePond tries again
      let isShown = true;
      const leave = upload.subscribe(
        (state) => isShown && progress(true, state.progress.fraction * file.size, file.size),
      );
      upload.finished
        .then(({ key }) => isShown && load(key))
        .catch((cause: Error) => isShown && !isAbortError(cause) && error(cause.message))
        .finally(leave);
      return {
        // Called for a row that is cancelled, which FilePond removes then, and for all rows when it is destroyed: it only stops and keeps.
        abort() {
          isShown = false;
          upload.pause();
          abort();
        },
      };
    },
    revert: (_key, load) => load(), // the object stays: deleting it is your server's business
  },
  onaddfile(_error, { file, source }) {
    if (source instanceof Blob) picks.set(file, source);
  },
  onremovefile(_error, { file }) {
    const picked = picks.get(file) ?? file;
    uploads.get(picked)?.cancel(); // deletes what was sent of an unfinished one
    uploads.delete(picked);
  },
});

/** FilePond's list is empty after a reload: what needs nobody goes on without it, and what needs its file gets a button. */
for (const left of await uploader.resumeAll()) {
  const button = document.createElement("button");
  document.body.prepend(button);
  button.textContent = `Continue ${left.file.name}`;
  button.onclick = async () => {
    const [picked] = left.needs === "file" ? await pickFiles() : [];
    if (left.needs === "file" && picked === undefined) return;
    try {
      const upload = await left.resume(picked); // refuses another file, with "file-changed"
      button.remove();
      if (picked === undefined) return;
      uploads.set(picked.file, upload); // FilePond's row is of the upload that goes on
      await pond.addFile(picked.file);
    } catch (error) {
      button.textContent = String(error);
    }
  };
}
