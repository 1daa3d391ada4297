/** The state of an upload, for Vue. Shallow, because the state is immutable and replaced on every change. */
import type { Upload, UploadState } from "@ossicle/core";
import { onScopeDispose, type ShallowRef, shallowRef } from "vue";

export function useUpload(upload: Upload): Readonly<ShallowRef<UploadState>> {
  const state = shallowRef(upload.state);
  onScopeDispose(
    upload.subscribe((next) => {
      state.value = next;
    }),
  );
  return state;
}
