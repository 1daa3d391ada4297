/** Lets the user pick files: with handles where the browser has a picker that gives them, by a hidden input elsewhere. */
import type { PickedFile } from "../api/upload.js";
import { walkDirectory } from "./walk-directory.js";

export interface PickOptions {
  /** Default: false. */
  readonly multiple?: boolean | undefined;
  /** As of `<input accept>`: ".mp4,image/*". Default: any file. Ignored with `folder`. */
  readonly accept?: string | undefined;
  /** Pick a folder, and get the files below it. Default: false. */
  readonly folder?: boolean | undefined;
}

/** Chromium's pickers; not in TypeScript's DOM types. */
interface Pickers {
  showOpenFilePicker?(options: {
    readonly multiple: boolean;
    readonly types?: readonly { readonly accept: Readonly<Record<string, readonly string[]>> }[];
  }): Promise<readonly FileSystemFileHandle[]>;
  showDirectoryPicker?(): Promise<FileSystemDirectoryHandle>;
}

/**
 * Call it inside a click: browsers open no picker without one.
 *
 * @returns [] when the user dismissed the picker
 */
export async function pickFiles(options: PickOptions = {}): Promise<readonly PickedFile[]> {
  const { showOpenFilePicker, showDirectoryPicker } = window as Pickers;
  try {
    if (options.folder && showDirectoryPicker !== undefined) return await walkDirectory(await showDirectoryPicker());
    if (!options.folder && showOpenFilePicker !== undefined) {
      const types = acceptedTypes(options.accept);
      const handles = await showOpenFilePicker({ multiple: options.multiple ?? false, ...(types && { types }) });
      return await Promise.all(
        handles.map(async (handle) => ({ file: await handle.getFile(), handle, path: handle.name })),
      );
    }
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return [];
    throw error;
  }
  return await pickByInput(options);
}

/** "image/*" and ".mp4" in the words of the file picker; undefined for any file. */
function acceptedTypes(accept: string | undefined) {
  const wanted = (accept ?? "")
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  if (wanted.length === 0) return undefined;
  const extensions = wanted.filter((entry) => entry.startsWith("."));
  const types = Object.fromEntries(wanted.filter((entry) => !entry.startsWith(".")).map((type) => [type, []]));
  const byExtension = extensions.length > 0 ? { "application/octet-stream": extensions } : {};
  return [{ accept: { ...types, ...byExtension } }];
}

function pickByInput({ multiple = false, accept = "", folder = false }: PickOptions): Promise<readonly PickedFile[]> {
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
