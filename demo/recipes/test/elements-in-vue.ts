/** `<ossicle-upload>` in a Vue app: `.prop` sets properties, `on…` hears events. */
import { createUploader, type OssStoreOptions, ossStore, type UploadResult } from "@ossicle/core";
import { createApp, defineComponent, h, ref } from "vue";
import "../../../packages/elements/src/index.js";

const { place } = window as unknown as { readonly place: OssStoreOptions };
const uploader = createUploader({ store: ossStore(place) });
const keyFor = (_file: File, path: string) => `vue/${path}`;

const App = defineComponent(() => {
  const stored = ref<readonly string[]>([]);
  const shown = ref(true);
  const onStored = ({ detail }: CustomEvent<UploadResult>) => {
    stored.value = [...stored.value, detail.key];
  };
  return () => [
    shown.value ? h("ossicle-upload", { ".uploader": uploader, ".keyFor": keyFor, onStored, multiple: true }) : null,
    h("output", stored.value.join(" ")),
    h("button", { onClick: () => (shown.value = !shown.value) }, "Show or hide"),
  ];
});

const main = document.querySelector("main");
if (main !== null) createApp(App).mount(main);
