/** The state of an upload, for React. It is immutable and replaced on every change, as React needs it for a snapshot. */
import type { Upload, UploadState } from "@ossicle/core";
import { useCallback, useSyncExternalStore } from "react";

export function useUpload(upload: Upload): UploadState {
  const subscribe = useCallback((onChange: () => void) => upload.subscribe(onChange), [upload]);
  const snapshot = () => upload.state;
  return useSyncExternalStore(subscribe, snapshot, snapshot);
}
