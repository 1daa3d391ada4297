import type { Upload, UploadState } from "@ossicle/core";
import { type MaybeRefOrGetter, markRaw, type ShallowRef, shallowRef, toRaw, toValue, watch } from "vue";

/**
 * The state of an upload. It is immutable, and replaced on every change: at most ten times a second for progress.
 *
 * @param upload the upload, or a ref or getter: then the state is that of the upload which it holds at the moment
 * @returns undefined while there is no upload
 * @example
 * const { upload } = defineProps<{ upload: Upload }>();
 * const state = useUpload(() => upload);
 */
export function useUpload(upload: MaybeRefOrGetter<Upload>): Readonly<ShallowRef<UploadState>>;
export function useUpload(upload: MaybeRefOrGetter<Upload | undefined>): Readonly<ShallowRef<UploadState | undefined>>;
export function useUpload(upload: MaybeRefOrGetter<Upload | undefined>): Readonly<ShallowRef<UploadState | undefined>> {
  // An app may have put it into a deep ref, and its methods fail behind the proxy.
  const current = () => toRaw(toValue(upload));
  const state = shallowRef(current()?.state);
  watch(
    current,
    (now, _before, onCleanup) => {
      state.value = now?.state;
      // A server renders once, and its watchers are never stopped.
      if (now === undefined || globalThis.document === undefined) return;
      const stop = markRaw(now).subscribe((next) => {
        state.value = next;
      });
      onCleanup(stop);
    },
    { immediate: true },
  );
  return state;
}
