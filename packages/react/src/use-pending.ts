import type { Uploader } from "@ossicle/core";
import { nothingLoaded, type UnfinishedState, unfinishedOf } from "@ossicle/kit";
import { useCallback, useSyncExternalStore } from "react";

export interface UsePendingOptions {
  /**
   * Goes on with what needs nobody (`uploader.resumeAll()`), once for the page, however often the component is mounted; it is in
   * `useUploads()` then. Default: true.
   */
  readonly autoResume?: boolean | undefined;
}

/**
 * What earlier pages left unfinished and what needs the user: a click, the file, a decision. The list is kept up to date: an entry goes
 * when the upload goes on here or elsewhere.
 *
 * @example
 * const { pending } = usePending(uploader);
 * return pending.map((left) => (
 *   <li key={left.id}>
 *     {left.file.name} <button onClick={() => left.goOn()}>Continue</button> {left.problem?.message}
 *   </li>
 * ));
 */
export function usePending<AppData = unknown>(
  uploader: Uploader<AppData>,
  { autoResume = true }: UsePendingOptions = {},
): UnfinishedState<AppData> {
  const list = unfinishedOf(uploader);
  const subscribe = useCallback((onChange: () => void) => list.subscribe(onChange, { autoResume }), [list, autoResume]);
  return useSyncExternalStore(
    subscribe,
    () => list.state,
    () => nothingLoaded,
  );
}
