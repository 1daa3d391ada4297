import type { Uploader, UploadOptions, UploadResult } from "@ossicle/core";
import { type Row, rowsOf } from "@ossicle/kit";
import { ConfigProvider, type UploadFile, type UploadProps } from "antd";
import { useCallback, useContext, useMemo, useSyncExternalStore } from "react";
import { begin } from "./begin.js";
import { openObject } from "./open-object.js";
import { RowActions } from "./row-actions.js";
import { uploadFileOf } from "./upload-file.js";
import { type Words, wordsIn } from "./words.js";

type OfApp = Pick<UploadProps<UploadResult>, "listType" | "maxCount" | "onRemove">;

/** Options of `useUploadProps`. `listType`, `maxCount` and `onRemove` are Ant Design's own, and are to be given here. */
export interface UploadPropsOptions<AppData = unknown> extends OfApp {
  /**
   * Which uploads are this widget's: those whose keys begin so. It is how a widget finds its files again after a reload, and how two
   * widgets on a page tell theirs apart. Default: "", all of the uploader.
   */
  readonly prefix?: string | undefined;
  /**
   * What `upload()` is given for a file; `key` has to begin with `prefix`. The same file goes on from where it was if it gets the same key.
   * Default: the prefix, and the file's path in a picked folder, or its name.
   *
   * @example optionsOf: (file) => ({ key: `avatars/${userId}.jpg`, contentType: file.type })
   */
  readonly optionsOf?: ((file: File) => Omit<UploadOptions<AppData>, "signal">) | undefined;
  /**
   * For a private bucket: where a complete object can be read, such as a URL that your server has signed. It is asked when the user
   * opens or downloads a file, in a tab that is closed again if it fails. Default: rows link to `result.url`, which only public objects can
   * be read by.
   */
  readonly urlOf?: ((result: UploadResult) => string | Promise<string>) | undefined;
  /** Goes on with what earlier pages left and what needs nobody, once for the page. Default: true. */
  readonly autoResume?: boolean | undefined;
  /** Replaces words of the rows. Default: Chinese or English, as the ConfigProvider's locale is. */
  readonly words?: Partial<Words> | undefined;
}

/** Props for Ant Design's Upload or Upload.Dragger. A prop of the app that comes later replaces one of these. */
export type OssUploadProps = Required<
  Pick<UploadProps<UploadResult>, "customRequest" | "fileList" | "onRemove" | "itemRender">
> &
  Pick<UploadProps<UploadResult>, "listType" | "maxCount" | "onPreview" | "onDownload">;

/**
 * Makes Ant Design's Upload upload to OSS, and go on after a reload. Its rows are those of the uploader, so they are there again when
 * the component is mounted anew, and the uploads go on meanwhile. Removing a row cancels an unfinished upload and deletes what was
 * sent of it; a complete object stays in the bucket. Rows that an earlier page left have a "Continue" button.
 *
 * @example <Upload {...useUploadProps(uploader, { prefix: "contracts/" })}><Button>Choose files</Button></Upload>
 */
export function useUploadProps<AppData = unknown>(
  uploader: Uploader<AppData>,
  options: UploadPropsOptions<AppData> = {},
): OssUploadProps {
  const { prefix = "", autoResume = true, optionsOf, listType, maxCount, urlOf } = options;
  const { locale } = useContext(ConfigProvider.ConfigContext);
  const words = { ...wordsIn(locale?.locale), ...options.words };
  const widget = rowsOf(uploader, prefix);
  const subscribe = useCallback(
    (onChange: () => void) => widget.subscribe(onChange, { autoResume }),
    [widget, autoResume],
  );
  const rows = useSyncExternalStore(
    subscribe,
    () => widget.rows,
    () => none,
  ) as readonly Row<AppData>[];
  const fileList = useMemo(() => rows.map((row) => uploadFileOf(row as Row, urlOf === undefined)), [rows, urlOf]);
  const rowOf = ({ uid }: UploadFile) => rows.find((row) => row.uid === uid);
  const isCard = listType === "picture-card" || listType === "picture-circle";

  const open = ({ response }: UploadFile<UploadResult>) => {
    if (response !== undefined && urlOf !== undefined) void openObject(response, urlOf);
  };
  return {
    customRequest: (request) => begin(request, { uploader, rows: widget, prefix, optionsOf, maxCount }),
    fileList,
    onRemove: async (file) => {
      if ((await options.onRemove?.(file)) === false) return false;
      const row = rowOf(file);
      return row === undefined || (await widget.remove(row));
    },
    itemRender: (node, file) => {
      const row = rowOf(file);
      return (
        <>
          {node}
          {row !== undefined && !isCard && <RowActions row={row as Row} rows={widget} words={words} />}
        </>
      );
    },
    ...(urlOf && { onPreview: open, onDownload: open }),
    ...(listType && { listType }),
    ...(maxCount && { maxCount }),
  };
}

const none: readonly never[] = [];
