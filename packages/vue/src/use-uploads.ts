import type { Upload, Uploader } from "@ossicle/core";
import { markRaw, type ShallowRef, shallowRef, toRaw, triggerRef } from "vue";
import { following } from "./following.js";

/**
 * The uploads of the page, `uploader.uploads`, newest last. They go on when the component is unmounted, and are there again when it is
 * mounted anew.
 *
 * The ref tells of every change of every upload, at most ten times a second, so a `computed` that reads their `state` is up to date. The
 * list is the same array until an upload is added or goes. Empty on a server, and until a page from a server is taken over.
 *
 * An upload does not work behind Vue's proxies: those of the list are marked raw, so that an app may keep them in a `ref` or `reactive`.
 *
 * @example
 * const uploads = useUploads(uploader);
 * const failed = computed(() => uploads.value.filter(({ state }) => state.phase === "failed"));
 */
export function useUploads<AppData = unknown>(
  uploader: Uploader<AppData>,
): Readonly<ShallowRef<readonly Upload<AppData>[]>> {
  // A store of the app may have put the uploader behind a proxy as well.
  const source = toRaw(uploader);
  const uploads = shallowRef<readonly Upload<AppData>[]>([]);
  const show = () => {
    const now = source.uploads;
    if (now === uploads.value) return triggerRef(uploads);
    for (const upload of now) markRaw(upload);
    uploads.value = now;
  };
  following(() => {
    show();
    return source.subscribe(show);
  });
  return uploads;
}
