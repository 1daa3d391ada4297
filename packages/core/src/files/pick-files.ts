/** Lets the user pick files: with handles where the browser has a picker that gives them, by a hidden input elsewhere. */
import type { PickedFile } from "../api/upload.js";
import { type AcceptedType, acceptedTypes } from "./accepted-types.js";
import { type LeftOutOptions, leavingOut } from "./left-out.js";
import { filesAt } from "./walk.js";

export interface PickOptions extends LeftOutOptions {
  /** Default: false. */
  readonly multiple?: boolean | undefined;
  /** As of `<input accept>`: ".mp4,image/*". A wish, not a check: users may pick others. Default: any file. Ignored with `folder`. */
  readonly accept?: string | undefined;
  /**
   * Pick a folder, and get the files below it. Chromium's picker hides files whose names it holds to be dangerous, such as
   * `desktop.ini` and `What now?.mp4`; dropped folders have them all. Default: false.
   */
  readonly folder?: boolean | undefined;
}

/** Chromium's pickers; not in TypeScript's DOM types. */
interface Pickers {
  showOpenFilePicker?(options: {
    readonly multiple: boolean;
    readonly types?: readonly AcceptedType[];
  }): Promise<readonly FileSystemFileHandle[]>;
  showDirectoryPicker?(): Promise<FileSystemDirectoryHandle>;
}

/**
 * Call it inside a click: browsers open no picker without one.
 *
 * @returns [] when the user dismissed the picker
 */
export async function pickFiles(options: PickOptions = {}): Promise<PickedFile[]> {
  const { showOpenFilePicker, showDirectoryPicker } = window as Pickers;
  const leaveOut = leavingOut(options);
  const filesOf = async (handles: readonly FileSystemHandle[]) => {
    const lists = await Promise.all(
      handles.map((handle) => filesAt({ path: handle.name, name: handle.name, handle }, leaveOut)),
    );
    return lists.flat();
  };
  try {
    if (options.folder && showDirectoryPicker !== undefined) return await filesOf([await showDirectoryPicker()]);
    if (!options.folder && showOpenFilePicker !== undefined) {
      const types = acceptedTypes(options.accept);
      return await filesOf(await showOpenFilePicker({ multiple: options.multiple ?? false, ...(types && { types }) }));
    }
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return [];
    throw error;
  }
  return await pickByInput(options);
}

function pickByInput({ multiple = false, accept = "", folder = false }: PickOptions): Promise<PickedFile[]> {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = multiple;
  input.accept = folder ? "" : accept;
  input.webkitdirectory = folder;
  input.hidden = true;
  // Safari forgets an input that is not in the document before its picker is closed.
  document.body.append(input);
  return new Promise((resolve) => {
    const settle = () => {
      input.remove();
      resolve([...(input.files ?? [])].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
    };
    input.addEventListener("change", settle, { once: true });
    input.addEventListener("cancel", settle, { once: true });
    input.click();
  });
}
