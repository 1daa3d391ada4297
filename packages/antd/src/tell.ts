import type { Upload, UploadResult, UploadState } from "@ossicle/core";
import type { UploadProps } from "antd";
import { percentOf } from "./upload-file.js";

export type RequestOptions = Parameters<NonNullable<UploadProps<UploadResult>["customRequest"]>>[0];

/**
 * Tells Ant Design of an upload that it has begun, so that the app's `onChange` is called. Progress by whole percents: each call makes
 * it render all rows at once.
 *
 * @returns stops telling
 */
export function tell(upload: Upload, { onProgress, onSuccess, onError }: RequestOptions): () => void {
  let told = -1;
  const look = (state: UploadState) => {
    if (state.phase === "completed") onSuccess?.(state.result);
    else if (state.phase === "failed") onError?.(state.error);
    else if (state.phase !== "cancelled" && Math.floor(percentOf(state.progress.fraction)) !== told) {
      told = Math.floor(percentOf(state.progress.fraction));
      onProgress?.({ percent: told });
    }
  };
  return upload.subscribe(look);
}
