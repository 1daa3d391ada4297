/** An app with two lists over one uploader: one is unmounted and mounted anew, one is kept alive meanwhile. */
import { createUploader, type OssStoreOptions, ossStore, pickFiles, type Upload } from "@ossicle/core";
import { computed, createApp, createSSRApp, defineComponent, h, KeepAlive, type PropType, ref } from "vue";
import { usePending, useUpload, useUploads } from "../../src/index.js";

declare global {
  interface Window {
    readonly place: OssStoreOptions;
  }
}

const uploader = createUploader({ store: ossStore(window.place), singlePutBelow: 0 });
/** Deep, as an app may write it: uploads have to work in it, too. */
const latest = ref<{ readonly upload?: Upload }>({});

async function pick() {
  for (const picked of await pickFiles({ multiple: true })) {
    latest.value = { upload: uploader.upload(picked, { key: picked.path }) };
  }
}

/** A file with a handle, as Chromium's picker gives it, which goes on after a reload without anybody. */
async function uploadKept() {
  const handle = await (await navigator.storage.getDirectory()).getFileHandle("kept.bin", { create: true });
  const writable = await handle.createWritable();
  await writable.write(new Uint8Array(3 * 2 ** 20).map((_, at) => at % 251));
  await writable.close();
  uploader.upload(handle, { key: "kept.bin" });
}

const Row = defineComponent({
  props: { upload: { type: Object as PropType<Upload>, required: true } },
  setup(props) {
    const state = useUpload(() => props.upload);
    return () =>
      h("li", [
        `${props.upload.key}: ${state.value.phase}`,
        h("progress", { "aria-label": props.upload.key, value: state.value.progress.fraction }),
        h("button", { onClick: () => props.upload.cancel() }, "Cancel"),
      ]);
  },
});

const List = defineComponent({
  props: { name: { type: String, required: true } },
  setup({ name }) {
    const uploads = useUploads(uploader);
    const { pending, isLoaded } = usePending(uploader);
    const stored = computed(() => uploads.value.reduce((sum, { state }) => sum + state.progress.storedBytes, 0));
    return () =>
      h("section", { "aria-label": name, "aria-busy": !isLoaded.value }, [
        h("output", `${stored.value} bytes`),
        pending.value.map((left) =>
          h("p", { key: left.id }, [
            `${left.file.name} ${left.problem?.message ?? ""}`,
            h("button", { onClick: () => left.goOn() }, `Continue in ${name}`),
            h("button", { onClick: () => left.discard() }, `Discard in ${name}`),
          ]),
        ),
        h(
          "ul",
          uploads.value.map((upload) => h(Row, { key: upload.id, upload })),
        ),
      ]);
  },
});

const App = defineComponent(() => {
  const isShown = ref(true);
  const chosen = useUpload(() => latest.value.upload);
  return () => [
    h("button", { onClick: pick }, "Choose files"),
    h("button", { onClick: uploadKept }, "Upload a kept file"),
    h("button", { onClick: () => latest.value.upload?.pause() }, "Pause latest"),
    h("button", { onClick: () => latest.value.upload?.resume() }, "Resume latest"),
    h("button", { onClick: () => (isShown.value = !isShown.value) }, "Toggle lists"),
    h("p", { role: "status" }, chosen.value?.phase ?? "nothing chosen"),
    isShown.value ? h(List, { name: "left" }) : null,
    h(KeepAlive, () => (isShown.value ? h(List, { name: "right" }) : null)),
  ];
});

const main = document.querySelector("main") as HTMLElement;
if (location.hash === "#from-a-server") {
  // What a server renders of the list. An upload is under way before Vue takes it over.
  main.innerHTML =
    '<section aria-label="left" aria-busy="true"><output>0 bytes</output><!--[--><!--]--><ul></ul></section>';
  uploader.upload(new File([new Uint8Array(2 ** 20)], "early.bin"), { key: "early.bin" });
  createSSRApp(List, { name: "left" }).mount(main);
} else {
  createApp(App).mount(main);
}
