/** Puts the page together: the upload page, and the lab around it. */
import "@ossicle/elements";
import type { OssicleUpload } from "@ossicle/elements";
import { setAttribute, setText } from "@ossicle/elements/dom/element.js";
import { byId } from "./elements/element.js";
import { wireFaults } from "./lab/faults/faults.js";
import { createSurvival } from "./lab/faults/survival.js";
import { watchWorkers } from "./lab/faults/worker-watch.js";
import { createPage, type Page } from "./lab/page.js";
import { mountPanels } from "./lab/panels.js";
import { createGraph } from "./lab/throughput/graph.js";
import { localStore, type StoreConfig } from "./upload/connect.js";
import { askServer } from "./upload/demo-server.js";
import { uploadPage } from "./upload/upload-page.js";
import { chooseLanguage, language, onLanguage, startLanguage, words } from "./words/language.js";

/** The page is shown after this long at the latest, even if reading what earlier pages left takes longer. */
const patienceMs = 1500;

const upload = uploadPage();

async function start(): Promise<void> {
  watchWorkers();
  wireLanguage();
  const config = await askServer<StoreConfig>("/api/config");
  const page = createPage({
    local: { store: localStore(config), name: `${config.endpoint}/${config.bucket}`, isLocal: true },
    workers: {},
    announce: (sentence) => upload.announce(sentence),
    showError,
  });
  const survival = createSurvival(sessionStorage);
  const onThrown = () => {
    survival.thrown();
    count();
  };
  const faults = wireFaults(page, onThrown);
  const count = () => faults.draw(survival.count(page.uploader.uploads));
  page.onRequest(survival.note);
  page.onRequest((trace) => upload.note(trace));
  const follow = followUploads(page, upload, count);
  page.onPlace(follow);
  mountPanels(
    {
      requests: byId("requests", HTMLElement),
      ownBucket: byId("own-bucket", HTMLElement),
      diagnosis: byId("diagnosis", HTMLElement),
      recipes: byId("recipes", HTMLElement),
    },
    page,
  );
  // Unfinished uploads are shown first: adding them later would push everything else down.
  follow();
  const shown = Promise.all([upload.ready, faults.ready]);
  await Promise.race([shown, new Promise((resolve) => setTimeout(resolve, patienceMs))]);
}

/** @returns shows the uploads of the uploader in use; to be called whenever that is another one */
function followUploads(page: Page, upload: OssicleUpload, changed: () => void): () => void {
  const graph = createGraph(byId("graph", HTMLElement));
  let unfollow = () => {};
  onLanguage(graph.redraw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", graph.redraw);
  return () => {
    const { uploader, place } = page;
    unfollow();
    unfollow = uploader.subscribe(changed);
    changed();
    upload.uploader = uploader;
    // Only the objects of the local store can be opened: this page's server signs for them alone.
    upload.linkFor = (key) =>
      place.isLocal ? `/objects/${key.split("/").map(encodeURIComponent).join("/")}` : undefined;
    graph.follow(uploader);
    showPlace(page);
  };
}

function wireLanguage(): void {
  startLanguage();
  const choice = byId("language", HTMLSelectElement);
  choice.value = language();
  choice.addEventListener("change", () => chooseLanguage(choice.value === "zh" ? "zh" : "en"));
}

function showPlace({ place }: Page): void {
  setText(byId("store", HTMLElement), place.name);
  const sentence = byId("store-words", HTMLElement);
  setAttribute(sentence, "data-words", place.isLocal ? "page.footer" : "page.footerOwn");
  setText(sentence, place.isLocal ? words().page.footer : words().page.footerOwn);
}

function showError(error: unknown): void {
  upload.showError(error);
}

start()
  .catch(showError)
  .finally(() => byId("page", HTMLElement).classList.remove("starting"));
