/** The state of an upload as a Svelte store. It listens to the upload only while it has subscribers. */
import type { Upload, UploadState } from "@ossicle/core";
import { type Readable, readable } from "svelte/store";

export function uploadStore(upload: Upload): Readable<UploadState> {
  return readable(upload.state, (set) => {
    set(upload.state);
    return upload.subscribe(set);
  });
}
