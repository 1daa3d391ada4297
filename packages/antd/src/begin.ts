/** Ant Design's `customRequest`: a file that the user has picked, dropped or pasted. */
import type { Upload, Uploader, UploadOptions } from "@ossicle/core";
import type { Row, UploadRows } from "@ossicle/kit";
import { type RequestOptions, tell } from "./tell.js";

export interface Widget<AppData> {
  readonly uploader: Uploader<AppData>;
  readonly rows: UploadRows<AppData>;
  readonly prefix: string;
  readonly optionsOf: ((file: File) => Omit<UploadOptions<AppData>, "signal">) | undefined;
  readonly maxCount: number | undefined;
}

/**
 * @returns what Ant Design calls for a row that is removed, and for every row when the component is unmounted, without saying which:
 *   from then on it is told no more, and that is all. `onRemove` cancels
 */
export function begin<AppData>(request: RequestOptions, widget: Widget<AppData>): { abort(): void } {
  const { file, uid } = asFile(request);
  const given = optionsFor(file, widget);
  const { rows, maxCount } = widget;
  const same = replaced(widget, file, given);
  if (same === "no room") return { abort: () => undefined };
  const listening = new AbortController();
  const beginNow = () => {
    const upload = rows.begin(uid, file, () => (same === undefined ? start(file, given, widget) : resumed(same)));
    if (upload === undefined || listening.signal.aborted) return;
    listening.signal.addEventListener("abort", tell(upload, request));
  };
  newest.set(rows, uid);
  const leaving = "options" in given ? rows.leaving(given.options.key) : undefined;
  if (leaving === undefined) beginNow();
  // The last request for the old object may still be under way, and would replace the new one.
  else leaving.then(() => (maxCount !== 1 || newest.get(rows) === uid) && beginNow());
  return { abort: () => listening.abort() };
}

/** The file that was picked last: of those that wait for room in a widget of one file the others are not wanted any more. */
const newest = new WeakMap<object, string>();

/** A failed or paused one, too: the user has picked its file again to upload it. */
function resumed<AppData>(upload: Upload<AppData>): Upload<AppData> {
  upload.resume();
  return upload;
}

/** By its types the kit may hand over a text, or a Blob without a name. */
function asFile({ file, filename }: RequestOptions): { readonly file: File; readonly uid: string } {
  if (typeof file !== "string" && "uid" in file) return { file, uid: file.uid };
  return { file: new File([file], filename ?? "file"), uid: crypto.randomUUID() };
}

/** What the app says of the file, or what it throws. */
type Given<AppData> = { readonly options: UploadOptions<AppData> } | { readonly cause: unknown };

function optionsFor<AppData>(file: File, { prefix, optionsOf }: Widget<AppData>): Given<AppData> {
  try {
    const options = optionsOf?.(file) ?? { key: `${prefix}${file.webkitRelativePath || file.name}` };
    if (options.key.startsWith(prefix)) return { options };
    return { cause: new Error(`The key "${options.key}" does not begin with the widget's prefix "${prefix}"`) };
  } catch (cause) {
    return { cause };
  }
}

function start<AppData>(file: File, given: Given<AppData>, { uploader }: Widget<AppData>): Upload<AppData> {
  if ("cause" in given) throw given.cause;
  return uploader.upload(file, given.options);
}

/**
 * Makes room for the file, as Ant Design does in a list that it keeps itself: of one row the newest is kept, of several the oldest are.
 *
 * @returns the upload of the same file, if it is under way already
 */
function replaced<AppData>(
  { rows, maxCount }: Widget<AppData>,
  file: File,
  given: Given<AppData>,
): Upload<AppData> | "no room" | undefined {
  const key = "options" in given ? given.options.key : undefined;
  // What an earlier page left of this file goes on in the new row.
  const others = rows.rows.filter((row) => row.kind !== "unfinished" || row.unfinished.key !== key);
  if (maxCount === undefined) return undefined;
  if (maxCount > 1) return others.length < maxCount ? undefined : "no room";
  const same = others.find((row) => isSame(row, file, key));
  for (const row of others) if (row !== same) rows.remove(row);
  return same?.kind === "upload" ? same.upload : undefined;
}

function isSame(row: Row<never> | Row<unknown>, file: File, key: string | undefined): boolean {
  if (row.kind !== "upload" || row.upload.key !== key || row.upload.file === null) return false;
  const { name, size, lastModified } = row.upload.file;
  return (
    name === file.name && size === file.size && lastModified === file.lastModified && row.state.phase !== "completed"
  );
}
