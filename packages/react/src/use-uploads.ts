import type { Upload, Uploader } from "@ossicle/core";
import { useCallback, useSyncExternalStore } from "react";

const none: Upload<never>[] = [];

/**
 * The uploads of the page, `uploader.uploads`, newest last. The component renders again when one is added or goes; `useUpload` in each
 * row follows their states. They go on when the component is unmounted, and are there again when it is mounted anew.
 *
 * @returns a frozen array: sort or change a copy of it. [] on a server, and while a page from a server is taken up
 */
export function useUploads<AppData = unknown>(uploader: Uploader<AppData>): Upload<AppData>[] {
  const subscribe = useCallback((onChange: () => void) => uploader.subscribe(onChange), [uploader]);
  return useSyncExternalStore(
    subscribe,
    () => uploader.uploads,
    () => none as unknown as Upload<AppData>[],
  );
}
