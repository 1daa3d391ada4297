import type { Uploader } from "@ossicle/core";
import { type UploadRow, type UseUploadRowsOptions, useUploadRows } from "@ossicle/vue";
import type { UploadFile, UploadRequestOptions } from "element-plus";
import { computed, shallowRef, type WritableComputedRef, watch } from "vue";
import { ownIds } from "./own-ids.js";
import { tell } from "./tell.js";
import { filesOfRows } from "./user-file.js";

/** What names a row: each file that el-upload hands to a hook or to its `file` slot does. */
type NamesRow = Pick<UploadFile, "uid">;

export interface ElUpload<AppData = unknown> {
  /**
   * For `v-model:file-list`. First what earlier pages left, then the uploads, then the files that wait for `submit()`. The list is the
   * uploader's: rows are there again when el-upload is mounted anew, and `clearFiles()` takes away those that are complete.
   */
  readonly fileList: WritableComputedRef<UploadFile[]>;
  /**
   * For `:http-request`. The hooks of el-upload, `on-progress`, `on-success` (with an `UploadResult`), `on-error` and `on-change`, are
   * called for the files that are handed over here; for a failed one again when it is tried again.
   */
  httpRequest(request: UploadRequestOptions): Promise<never>;
  /**
   * For `:on-remove`. What is unfinished is cancelled, and what was sent of it deleted; an object that is complete stays in the bucket. An
   * app with a hook of its own calls this one in it.
   */
  onRemove(file: NamesRow): void;
  /**
   * "Continue", "Resume" and "Retry" in one; does nothing to a row that moves or is complete. Also for `:on-preview`, a click on the name.
   * Call it inside a click: of an unfinished upload the user may have to pick the file again. Never rejects: see `rowOf(file)?.error`.
   */
  goOn(file: NamesRow): Promise<void>;
  /** "Pause". Does nothing to a row that does not upload. */
  pause(file: NamesRow): void;
  /** More of a row than el-upload knows, for its `file` slot: whether it rests, and why. undefined for a file that waits for `submit()`. */
  rowOf(file: NamesRow): UploadRow<AppData> | undefined;
}

/**
 * Makes Element Plus' el-upload upload to OSS, and go on after a reload. Uploads go on when el-upload is unmounted, and its rows come back.
 *
 * @example
 * const { fileList, httpRequest, onRemove, goOn } = useElUpload(uploader, { prefix: "contracts/" });
 */
export function useElUpload<AppData = unknown>(
  uploader: Uploader<AppData>,
  options: UseUploadRowsOptions<AppData> = {},
): ElUpload<AppData> {
  const { rows, start, pause, goOn, remove } = useUploadRows(uploader, options);
  const ids = ownIds();
  const { filesOf, keepPictures } = filesOfRows(ids.uidOf);
  /** The kit's own rows: files that it has not handed over, because they wait for a hook or for `submit()`. */
  const waiting = shallowRef<readonly UploadFile[]>([]);
  const fileList = computed({ get: () => [...filesOf(rows.value), ...waiting.value], set: takeFromKit });
  /** What the kit shows, since it has drawn it. */
  let shown: readonly UploadRow<AppData>[] = [];
  const drawn = () => {
    shown = rows.value;
  };
  watch(rows, drawn, { flush: "post", immediate: true });

  function takeFromKit(files: readonly UploadFile[]) {
    keepPictures(files);
    const there = new Set(files.map(({ uid }) => uid));
    const own = files.filter(({ uid }) => !ids.isHandedOver(uid));
    const cleared = shown.filter(({ id, status }) => status === "completed" && !there.has(ids.uidOf(id)));
    for (const { id } of cleared) remove(id);
    // Anew also where the kit has dropped a failed row, which the list has. Not otherwise: older kits hand each list back that they are given.
    const hasDropped = rows.value.some(({ id }) => !there.has(ids.uidOf(id)));
    if (hasDropped || !areSame(own, waiting.value)) waiting.value = own;
  }
  const idOf = ({ uid }: NamesRow) => ids.idOf(uid);
  const rowOf = (file: NamesRow) => rows.value.find(({ id }) => id === idOf(file));

  return {
    fileList,
    httpRequest: (request) => {
      const id = ids.handedOver(request.file.uid);
      const upload = start(request.file, id);
      waiting.value = waiting.value.filter(({ uid }) => !ids.isHandedOver(uid));
      if (upload !== undefined) tell(upload, request);
      else request.onError(rowOf(request.file)?.error as KitError);
      // The kit's callbacks are called by hand: a promise settles once, and a failed upload may be tried again.
      return new Promise<never>(() => undefined);
    },
    onRemove: (file) => {
      // The kit tells of it by its list as well, unless a newer list of ours comes first.
      waiting.value = waiting.value.filter(({ uid }) => uid !== file.uid);
      remove(idOf(file));
    },
    goOn: (file) => goOn(idOf(file)),
    pause: (file) => pause(idOf(file)),
    rowOf,
  };
}

function areSame(some: readonly NamesRow[], others: readonly NamesRow[]): boolean {
  return some.length === others.length && some.every(({ uid }, at) => uid === others[at]?.uid);
}

type KitError = Parameters<UploadRequestOptions["onError"]>[0];
