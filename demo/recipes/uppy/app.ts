import { pickFiles, type Upload } from "@ossicle/core";
import Uppy from "@uppy/core";
import { uploader } from "../uploader.js";
import { OssicleUpload } from "./ossicle-upload.js";

const begun = new WeakMap<Blob, Upload>();

export const uppy = new Uppy({ autoProceed: true }).use(OssicleUpload, {
  uploader,
  begun,
  keyOf: ({ name, meta }) => `uploads/${meta.relativePath ?? name}`,
});

/** Uppy's list is empty after a reload: what needs nobody goes on without it, and what needs its file gets a button. */
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
      begun.set(picked.file, upload); // Uppy's row is of the upload that goes on
      uppy.addFile({ name: picked.file.name, type: picked.file.type, data: picked.file });
    } catch (error) {
      uppy.info(String(error), "error");
    }
  };
}
