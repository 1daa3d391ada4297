/** The recipes as text: the same files that the tests compile and run. */
import plain from "../../../recipes/plain.ts?raw";
import reactFileUpload from "../../../recipes/react/FileUpload.tsx?raw";
import server from "../../../recipes/server.ts?raw";
import svelteFileUpload from "../../../recipes/svelte/FileUpload.svelte?raw";
import svelteUploadRow from "../../../recipes/svelte/UploadRow.svelte?raw";
import svelteUploadStore from "../../../recipes/svelte/upload-store.ts?raw";
import uploader from "../../../recipes/uploader.ts?raw";
import vueFileUpload from "../../../recipes/vue/FileUpload.vue?raw";
import vueUploadRow from "../../../recipes/vue/UploadRow.vue?raw";

export interface SourceFile {
  readonly name: string;
  readonly code: string;
}

export interface Recipe {
  readonly id: "plain" | "react" | "vue" | "svelte" | "server";
  /** First the file that is particular to the framework. */
  readonly files: readonly SourceFile[];
}

const uploaderFile: SourceFile = { name: "uploader.ts", code: uploader };

export const recipes: readonly Recipe[] = [
  { id: "plain", files: [{ name: "plain.ts", code: plain }] },
  {
    id: "react",
    files: [{ name: "react/FileUpload.tsx", code: reactFileUpload }, uploaderFile],
  },
  {
    id: "vue",
    files: [
      { name: "vue/UploadRow.vue", code: vueUploadRow },
      { name: "vue/FileUpload.vue", code: vueFileUpload },
      uploaderFile,
    ],
  },
  {
    id: "svelte",
    files: [
      { name: "svelte/upload-store.ts", code: svelteUploadStore },
      { name: "svelte/UploadRow.svelte", code: svelteUploadRow },
      { name: "svelte/FileUpload.svelte", code: svelteFileUpload },
      uploaderFile,
    ],
  },
  { id: "server", files: [{ name: "server.ts", code: server }] },
];
