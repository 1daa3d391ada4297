import { pickFiles } from "@ossicle/core";
import Uppy from "@uppy/core";
import { uploader } from "../uploader.js";
import { OssicleUpload } from "./ossicle-upload.js";

export const uppy = new Uppy({ autoProceed: true }).use(OssicleUpload, {
  uploader,
  keyOf: ({ name, meta }) => `uploads/${meta.relativePath ?? name}`,
});

/** Uppy's list is empty after a reload: what needs nobody goes on without it, and what needs its file gets a button. */
for (const left of await uploader.resumeAll()) {
  const button = document.body.appendChild(document.createElement("button"));
  button.textContent = `Continue ${left.file.name}`;
  button.onclick = async () => {
    const [picked] = left.needs === "file" ? await pickFiles() : [];
    if (left.needs === "file" && picked === undefined) return;
    try {
      const upload = await left.resume(picked); // refuses another file, with "file-changed"
      button.remove();
      // The same `File`, to the same key: Uppy's row is of the upload that goes on.
      if (picked !== undefined) uppy.addFile({ name: picked.file.name, type: picked.file.type, data: picked.file });
      else await upload.finished;
    } catch (error) {
      uppy.info(String(error), "error");
    }
  };
}
