/** Puts the page together: uploader, lists, and the three ways in which files arrive. */
import type { PickedFile } from "@ossicle/core";
import { createAnnouncer } from "./announcer.js";
import { localStore, type StoreConfig } from "./connect.js";
import { askServer } from "./demo-server.js";
import { acceptDrops } from "./drop-target.js";
import { byId, setText } from "./element.js";
import { wireFileInput } from "./file-control.js";
import { createFrame } from "./frame.js";
import { chooseLanguage, language, startLanguage } from "./language.js";
import { createNotices } from "./notices.js";
import { createPage } from "./page.js";
import { mountPanels } from "./panels.js";
import { createPendingList } from "./pending-list.js";
import { wireTrouble } from "./trouble.js";
import { createUploadList } from "./upload-list.js";

const notices = createNotices(byId("notices", HTMLElement));

async function start(): Promise<void> {
  startLanguage();
  const choice = byId("language", HTMLSelectElement);
  choice.value = language();
  choice.addEventListener("change", () => chooseLanguage(choice.value === "zh" ? "zh" : "en"));
  const config = await askServer<StoreConfig>("/api/config");
  setText(byId("store", HTMLElement), `${config.endpoint}/${config.bucket}`);
  const announcer = createAnnouncer(byId("announcements", HTMLElement));
  const page = createPage({
    local: { store: localStore(config), name: `${config.endpoint}/${config.bucket}`, isLocal: true },
    workers: {},
    announce: announcer.say,
    showError: notices.show,
  });
  const { uploader } = page;
  mountPanels(
    {
      requests: byId("requests", HTMLElement),
      ownBucket: byId("own-bucket", HTMLElement),
      diagnosis: byId("diagnosis", HTMLElement),
      recipes: byId("recipes", HTMLElement),
    },
    page,
  );
  const uploads = createUploadList({
    uploader,
    section: byId("uploads", HTMLElement),
    linkTo: (key) => `/objects/${key.split("/").map(encodeURIComponent).join("/")}`,
    frame: createFrame(),
    announcer,
    onError: notices.show,
  });
  const pending = createPendingList({
    uploader,
    section: byId("pending", HTMLElement),
    onAnew: upload,
    onError: notices.show,
  });

  function upload(picked: PickedFile, key: string): void {
    try {
      uploads.show(uploader.upload(picked, { key }));
    } catch (error) {
      notices.show(error);
    }
  }

  async function take(files: readonly PickedFile[]): Promise<void> {
    await pending.loaded;
    await Promise.all(
      files.map((picked) => {
        // The same name gives the same key: picked again after a reload, the upload goes on by itself.
        const key = `uploads/${picked.path}`;
        return pending.match(picked, key)?.resume(picked) ?? upload(picked, key);
      }),
    );
  }

  const onPicked = (files: readonly PickedFile[]) => {
    take(files).catch(notices.show);
  };
  wireFileInput(byId("files", HTMLInputElement), { onPicked, onError: notices.show });
  acceptDrops(document.body, { onFiles: onPicked, onError: notices.show });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", uploads.recolour);
  await Promise.all([pending.loaded, wireTrouble(notices.show)]);
}

start()
  .catch(notices.show)
  .finally(() => byId("page", HTMLElement).classList.remove("starting"));
