/** An app with three widgets over one uploader: documents, which are unmounted or kept alive; pictures in cards; files that are sent by a button. */
import { createUploader, type OssStoreOptions, ossStore } from "@ossicle/core";
import { ElUpload, type UploadFile, type UploadInstance } from "element-plus";
import { createApp, defineComponent, h, KeepAlive, ref, shallowRef } from "vue";
import { useElUpload } from "../../src/index.js";

declare global {
  interface Window {
    readonly place: OssStoreOptions;
  }
}

const uploader = createUploader({ store: ossStore(window.place), singlePutBelow: 0 });
const told: string[] = [];
Object.assign(window, { told });

function tell(line: string) {
  if (told.at(-1) !== line) told.push(line);
}

const Documents = defineComponent(() => {
  const { fileList, httpRequest, onRemove, goOn, pause, rowOf } = useElUpload(uploader, {
    prefix: "documents/",
    optionsOf: ({ name }) => ({ key: name === "stray.bin" ? "elsewhere/stray.bin" : `documents/${name}` }),
  });
  const kit = shallowRef<UploadInstance>();
  const rows = () =>
    fileList.value.map((file) => {
      const row = rowOf(file);
      return h("p", { key: file.uid }, [
        `${file.name}: ${row?.status} ${row?.error?.message ?? ""}`,
        h("button", { onClick: () => pause(file) }, `Pause ${file.name}`),
        h("button", { onClick: () => goOn(file) }, `Go on ${file.name}`),
      ]);
    });
  return () =>
    h("section", { "aria-label": "documents" }, [
      h(
        ElUpload,
        {
          ref: kit,
          fileList: fileList.value,
          "onUpdate:fileList": (files: UploadFile[]) => (fileList.value = files),
          httpRequest,
          onRemove,
          onPreview: goOn,
          multiple: true,
          beforeUpload: ({ name }) => name !== "refused.bin",
          onProgress: (_event, { name }) => tell(`${name} progress`),
          onSuccess: ({ url }, { name }) => tell(`${name} success ${new URL(url).pathname}`),
          onError: (error, { name }) => tell(`${name} error ${error.message}`),
        },
        () => h("button", "Choose documents"),
      ),
      h("button", { onClick: () => kit.value?.clearFiles() }, "Clear documents"),
      h("output", rows()),
    ]);
});

const Pictures = defineComponent(() => {
  const { fileList, httpRequest, onRemove } = useElUpload(uploader, { prefix: "pictures/" });
  return () =>
    h("section", { "aria-label": "pictures" }, [
      h(
        ElUpload,
        {
          listType: "picture-card",
          fileList: fileList.value,
          "onUpdate:fileList": (files: UploadFile[]) => (fileList.value = files),
          httpRequest,
          onRemove,
        },
        () => h("button", "Choose a picture"),
      ),
    ]);
});

const ByButton = defineComponent(() => {
  const { fileList, httpRequest, onRemove } = useElUpload(uploader, { prefix: "later/" });
  const kit = shallowRef<UploadInstance>();
  return () =>
    h("section", { "aria-label": "later" }, [
      h(
        ElUpload,
        {
          ref: kit,
          autoUpload: false,
          fileList: fileList.value,
          "onUpdate:fileList": (files: UploadFile[]) => (fileList.value = files),
          httpRequest,
          onRemove,
        },
        () => h("button", "Choose for later"),
      ),
      h("button", { onClick: () => kit.value?.submit() }, "Submit"),
    ]);
});

const App = defineComponent(() => {
  const isMounted = ref(true);
  const isShown = ref(true);
  return () => [
    h("button", { onClick: () => (isMounted.value = !isMounted.value) }, "Mount"),
    h("button", { onClick: () => (isShown.value = !isShown.value) }, "Show"),
    isMounted.value ? [h(KeepAlive, () => (isShown.value ? h(Documents) : null)), h(Pictures), h(ByButton)] : null,
  ];
});

createApp(App).mount(document.querySelector("main") as HTMLElement);
