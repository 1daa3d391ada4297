/** What a server renders: no upload, and nothing that outlives the request. */
import type { Upload, Uploader, UploadState } from "@ossicle/core";
import { expect, test } from "vitest";
import { createSSRApp, defineComponent, h } from "vue";
import { renderToString } from "vue/server-renderer";
import { usePending, useUpload, useUploadRows, useUploads } from "../src/index.js";

/** Tells of every use of it. */
function watched<T extends object>(thing: T, used: string[]): T {
  return new Proxy(thing, {
    get(target, name, receiver) {
      if (typeof name === "string" && !name.startsWith("__v_")) used.push(name);
      return Reflect.get(target, name, receiver);
    },
  });
}

test("the lists are empty, and the uploader is not even looked at", async () => {
  const used: string[] = [];
  const uploader = watched({} as Uploader, used);
  const List = defineComponent(() => {
    const uploads = useUploads(uploader);
    const { pending, isLoaded } = usePending(uploader);
    const { rows } = useUploadRows(uploader);
    return () => h("p", `${uploads.value.length} ${pending.value.length} ${isLoaded.value} ${rows.value.length}`);
  });

  expect(await renderToString(createSSRApp(List))).toBe("<p>0 0 false 0</p>");
  expect(used).toEqual([]);
});

test("an upload is shown as it is, and not listened to", async () => {
  const used: string[] = [];
  const upload = watched({ state: { phase: "paused" } as UploadState } as Upload, used);
  const Row = defineComponent(() => {
    const state = useUpload(upload);
    return () => h("p", state.value.phase);
  });

  expect(await renderToString(createSSRApp(Row))).toBe("<p>paused</p>");
  expect(used).not.toContain("subscribe");
});
