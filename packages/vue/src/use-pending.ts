import type { Uploader } from "@ossicle/core";
import { nothingLoaded, type UnfinishedState, type UnfinishedUpload, unfinishedOf } from "@ossicle/kit";
import { type ComputedRef, computed, shallowRef, toRaw } from "vue";
import { following } from "./following.js";

export interface UsePendingOptions {
  /**
   * Goes on with what needs nobody (`uploader.resumeAll()`), once for the page, however often the component is mounted; it is in
   * `useUploads()` then. Default: true.
   */
  readonly autoResume?: boolean | undefined;
}

export interface PendingUploads<AppData = unknown> {
  /** Newest first. The list is kept up to date: an entry goes when the upload goes on here or elsewhere. */
  readonly pending: ComputedRef<readonly UnfinishedUpload<AppData>[]>;
  /** false until the device was asked for the first time, and on a server. */
  readonly isLoaded: ComputedRef<boolean>;
  /** Why the device could not be asked; null otherwise. It is asked again when the browser is online, or the page is looked at. */
  readonly problem: ComputedRef<Error | null>;
}

/**
 * What earlier pages left unfinished and what needs the user: a click, the file, a decision. `goOn()` of an entry opens a file picker
 * where the file is needed, `discard()` deletes what was sent, and `problem` says why it did not go on.
 *
 * @example const { pending } = usePending(uploader);
 */
export function usePending<AppData = unknown>(
  uploader: Uploader<AppData>,
  { autoResume = true }: UsePendingOptions = {},
): PendingUploads<AppData> {
  const list = unfinishedOf(toRaw(uploader));
  const state = shallowRef<UnfinishedState<AppData>>(nothingLoaded);
  const show = () => {
    state.value = list.state;
  };
  following(() => {
    show();
    return list.subscribe(show, { autoResume });
  });
  return {
    pending: computed(() => state.value.pending),
    isLoaded: computed(() => state.value.isLoaded),
    problem: computed(() => state.value.problem),
  };
}
