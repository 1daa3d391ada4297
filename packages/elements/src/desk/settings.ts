/** What the app says about its uploads, by attributes and properties of `<ossicle-upload>`. */
import type { PickedFile, UploadOptions } from "@ossicle/core";
import type { SameName } from "./same-name.js";

export interface Settings {
  /** The object's name. Default: `keyPrefix` and the path of the file. */
  keyFor: ((file: File, path: string) => string | Promise<string>) | null;
  /** Of uploads and finished files with other keys, which another element of the bucket began, the desk touches none. */
  keyPrefix: string;
  /** Further options of `upload()`. */
  optionsFor: ((file: File) => Partial<Omit<UploadOptions, "key">>) | null;
  /** What becomes of a file whose name is taken. */
  sameName: SameName | "ask";
  /** As of `<input accept>`. */
  accept: string;
  multiple: boolean;
  /** Separates the users of one browser, as the `scope` of the uploader. */
  scope: string;
  /** How many finished files stay listed after a reload. */
  keepFinished: number;
}

export const defaults: Settings = {
  keyFor: null,
  keyPrefix: "",
  optionsFor: null,
  sameName: "ask",
  accept: "",
  multiple: true,
  scope: "",
  keepFinished: 200,
};

/** @throws what `keyFor` throws; Error for a key of it that does not begin with `keyPrefix`: later pages would not know it */
export async function keyOf({ keyFor, keyPrefix }: Settings, { file, path }: PickedFile): Promise<string> {
  if (keyFor === null) return keyPrefix + path;
  const key = await keyFor(file, path);
  if (key.startsWith(keyPrefix)) return key;
  throw new Error(`keyFor gave "${key}", which does not begin with key-prefix "${keyPrefix}". Change one of them.`);
}
