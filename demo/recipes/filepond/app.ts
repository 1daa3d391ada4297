import { isAbortError, pickFiles, type Upload } from "@ossicle/core";
import { create } from "filepond";
import { uploader } from "../uploader.js";

const uploads = new Map<Blob, Upload>();

export const pond = create(document.body.appendChild(document.createElement("input")), {
  allowMultiple: true,
  server: {
    process(_field, file, _metadata, load, error, progress, abort) {
      const upload = uploader.upload(file, { key: `uploads/${file.name}` }); // goes on if an earlier page began it
      uploads.set(file, upload);
      let isShown = true;
      const leave = upload.subscribe(
        (state) => isShown && progress(true, state.progress.fraction * file.size, file.size),
      );
      upload.finished
        .then(({ key }) => isShown && load(key))
        .catch((cause: Error) => isShown && !isAbortError(cause) && error(cause.message))
        .finally(leave);
      return {
        // Called for the cross of a row that is sending, and for all rows when FilePond is destroyed: it stops, and keeps what was sent.
        abort() {
          isShown = false;
          upload.pause();
          abort();
        },
      };
    },
    revert: (_key, load) => load(), // the object stays: deleting it is your server's business
  },
  onremovefile: (_error, { file }) => uploads.get(file)?.cancel(), // deletes what was sent of an unfinished one
});

/** FilePond's list is empty after a reload: what needs nobody goes on without it, and what needs its file gets a button. */
for (const left of await uploader.resumeAll()) {
  const button = document.body.appendChild(document.createElement("button"));
  button.textContent = `Continue ${left.file.name}`;
  button.onclick = async () => {
    const [picked] = left.needs === "file" ? await pickFiles() : [];
    if (left.needs === "file" && picked === undefined) return;
    try {
      await left.resume(picked); // refuses another file, with "file-changed"
      button.remove();
      if (picked !== undefined) await pond.addFile(picked.file); // the same `File`: the row is of the upload that goes on
    } catch (error) {
      button.textContent = String(error);
    }
  };
}
