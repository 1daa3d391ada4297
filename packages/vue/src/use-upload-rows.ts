import type { Upload, Uploader, UploadOptions } from "@ossicle/core";
import { type Row, rowsOf } from "@ossicle/kit";
import { type ComputedRef, computed, markRaw, shallowReactive, shallowRef, toRaw } from "vue";
import { following } from "./following.js";
import { flatRow, type UploadRow } from "./upload-row.js";

export interface UseUploadRowsOptions<AppData = unknown> {
  /**
   * Which uploads are this list's: those whose keys begin so. It is how a list finds its files again after a reload, and how two lists on
   * a page tell theirs apart. Default: "", all of the uploader.
   */
  readonly prefix?: string | undefined;
  /**
   * What `upload()` is given for a file; `key` has to begin with `prefix`. The same file goes on from where it was if it gets the same
   * key. Default: the prefix, and the file's path in a picked folder, or its name.
   *
   * @example optionsOf: (file) => ({ key: `avatars/${userId}.jpg`, contentType: file.type })
   */
  readonly optionsOf?: ((file: File) => Omit<UploadOptions<AppData>, "signal">) | undefined;
  /** Goes on with what earlier pages left and what needs nobody, once for the page. Default: true. */
  readonly autoResume?: boolean | undefined;
}

export interface UploadRows<AppData = unknown> {
  /** First what earlier pages left, then the uploads of this page, newest last. A row is a new object when it changes, and only then. */
  readonly rows: ComputedRef<readonly UploadRow<AppData>[]>;
  /**
   * Uploads a file; its row is there at once.
   *
   * @param id what the kit calls the row. Default: a new one
   * @returns undefined where the upload can never work, such as one without a key: its row says why
   */
  start(file: File, id?: string): Upload<AppData> | undefined;
  /** "Pause". Does nothing to a row that does not upload. */
  pause(id: string): void;
  /**
   * "Continue", "Resume" and "Retry" in one. Call it inside a click: of an unfinished upload the user may have to pick the file again. Never
   * rejects: what it fails with, such as "file-changed", is the row's `error`.
   */
  goOn(id: string): Promise<void>;
  /**
   * Takes a row away. What is unfinished is cancelled, and what was sent of it deleted; an object that is complete stays in the bucket.
   *
   * @returns false where it cannot be, because another tab sends it: the row comes back
   */
  remove(id: string): Promise<boolean>;
}

/**
 * What earlier pages left and the uploads of this page, as rows for the list of a user interface kit, and what their buttons do.
 *
 * @example const { rows, start, goOn, remove } = useUploadRows(uploader, { prefix: "contracts/" });
 */
export function useUploadRows<AppData = unknown>(
  uploader: Uploader<AppData>,
  { prefix = "", optionsOf, autoResume = true }: UseUploadRowsOptions<AppData> = {},
): UploadRows<AppData> {
  const source = toRaw(uploader);
  const list = rowsOf(source, prefix);
  const listed = shallowRef<readonly Row<AppData>[]>([]);
  /** Cancelling takes a moment, in which the row is gone already. */
  const leaving = shallowReactive(new Set<string>());
  const flat = flatRows<AppData>();
  const show = () => {
    listed.value = list.rows;
  };
  following(() => {
    show();
    return list.subscribe(show, { autoResume });
  });
  const find = (id: string) => list.rows.find(({ uid }) => uid === id);

  return {
    rows: computed(() => listed.value.filter(({ uid }) => !leaving.has(uid)).map(flat)),
    start: (file, id = crypto.randomUUID()) =>
      list.begin(id, file, () => {
        const options = optionsOf?.(file) ?? { key: `${prefix}${file.webkitRelativePath || file.name}` };
        if (options.key.startsWith(prefix)) return source.upload(file, options);
        throw new Error(`The key "${options.key}" does not begin with the list's prefix "${prefix}"`);
      }),
    pause: (id) => {
      const row = find(id);
      if (row?.kind === "upload") row.upload.pause();
    },
    goOn: async (id) => {
      const row = find(id);
      if (row?.kind === "upload") row.upload.resume();
      else if (row?.kind === "unfinished") await list.goOn(row);
    },
    remove: async (id) => {
      const row = find(id);
      if (row === undefined) return true;
      leaving.add(id);
      try {
        return await list.remove(row);
      } finally {
        leaving.delete(id);
      }
    },
  };
}

/** The same object for the same row, so that a kit draws only what has changed. */
function flatRows<AppData>(): (row: Row<AppData>) => UploadRow<AppData> {
  const made = new WeakMap<Row<AppData>, UploadRow<AppData>>();
  return (row) => {
    const before = made.get(row);
    if (before !== undefined) return before;
    if (row.kind === "upload") markRaw(row.upload);
    const flat = markRaw(flatRow(row));
    made.set(row, flat);
    return flat;
  };
}
