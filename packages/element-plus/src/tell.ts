/** Tells el-upload how an upload fares, so that the app's hooks are called. */
import type { Upload, UploadState } from "@ossicle/core";
import type { UploadProgressEvent, UploadRequestOptions } from "element-plus";

type Told = Pick<UploadRequestOptions, "onProgress" | "onSuccess" | "onError">;

export function tell(upload: Upload<never> | Upload<unknown>, { onProgress, onSuccess, onError }: Told): void {
  const stop = upload.subscribe((state) => {
    switch (state.phase) {
      case "completed":
        stop();
        onSuccess(state.result);
        return;
      case "cancelled":
        stop();
        return;
      case "failed":
        // The kit drops the row; the list has it, and brings it back.
        onError(state.error as unknown as Parameters<typeof onError>[0]);
        return;
      case "paused":
      case "stopped":
        return;
      default:
        onProgress(progressEvent(state));
    }
  });
}

function progressEvent({ progress }: UploadState): UploadProgressEvent {
  const { sentBytes, totalBytes, fraction } = progress;
  const event = new ProgressEvent("progress", { lengthComputable: true, loaded: sentBytes, total: totalBytes });
  // The kit rounds it, and 100 is for what is complete.
  return Object.assign(event, { percent: Math.floor(fraction * 100) });
}
