import type { Upload, UploadState } from "@ossicle/core";
import { useCallback, useSyncExternalStore } from "react";

/**
 * The state of an upload; the component renders again when it changes, at most ten times a second.
 *
 * @param upload undefined: nothing is being uploaded yet
 */
export function useUpload(upload: Upload): UploadState;
export function useUpload(upload: Upload | undefined): UploadState | undefined;
export function useUpload(upload: Upload | undefined): UploadState | undefined {
  const subscribe = useCallback((onChange: () => void) => upload?.subscribe(onChange) ?? nothing, [upload]);
  const snapshot = () => upload?.state;
  return useSyncExternalStore(subscribe, snapshot, snapshot);
}

const nothing = () => undefined;
