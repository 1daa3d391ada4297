/** Puts the page together: the upload page with its lists and the ways in which files arrive, and the lab around it. */
import { type PickedFile, pickFiles } from "@ossicle/core";
import { type Announcer, createAnnouncer } from "./elements/announcer.js";
import { byId, setAttribute, setText } from "./elements/element.js";
import { createFrame } from "./elements/frame.js";
import { createNotices } from "./elements/notices.js";
import { createPalette } from "./elements/palette.js";
import { wireFaults } from "./lab/faults/faults.js";
import { createSurvival } from "./lab/faults/survival.js";
import { watchWorkers } from "./lab/faults/worker-watch.js";
import { createGraph } from "./lab/graph.js";
import { createPage, type Page } from "./lab/page.js";
import { mountPanels } from "./lab/panels.js";
import { acceptDrops } from "./upload/adding/drop-target.js";
import { wireFileInput } from "./upload/adding/file-control.js";
import { createIntake } from "./upload/adding/intake.js";
import { acceptPastes } from "./upload/adding/paste-target.js";
import { localStore, type StoreConfig } from "./upload/connect.js";
import { askServer } from "./upload/demo-server.js";
import { createThroughput } from "./upload/list/throughput.js";
import { createUploads, type UploadsOptions } from "./upload/list/uploads.js";
import { createPendingList } from "./upload/pending/pending-list.js";
import { chooseLanguage, language, onLanguage, startLanguage, words } from "./words/language.js";

/** The page is shown after this long at the latest, even if reading what earlier pages left takes longer. */
const patienceMs = 1500;
const priorities = ["high", "normal", "low"] as const;

const notices = createNotices(byId("notices", HTMLElement));

async function start(): Promise<void> {
  watchWorkers();
  wireLanguage();
  const config = await askServer<StoreConfig>("/api/config");
  const announcer = createAnnouncer(byId("announcements", HTMLElement));
  const page = createPage({
    local: { store: localStore(config), name: `${config.endpoint}/${config.bucket}`, isLocal: true },
    workers: {},
    announce: announcer.say,
    showError: notices.show,
  });
  const survival = createSurvival(sessionStorage);
  const faults = wireFaults(page, survival.reloading);
  const lists = createLists(page, announcer, (entries) => faults.draw(survival.count(entries)));
  page.onRequest(survival.note);
  page.onPlace(() => {
    lists.follow().catch(page.showError);
  });
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
  const loaded = lists.follow();
  acceptFiles((files) => loaded.then(() => lists.take(files)).catch(page.showError), page);
  await Promise.race([Promise.all([loaded, faults.ready]), new Promise((resolve) => setTimeout(resolve, patienceMs))]);
}

interface Lists {
  /** Shows what the page's uploader has; goes on with the unfinished uploads that need nothing. */
  follow(): Promise<void>;
  take(files: readonly PickedFile[]): Promise<void>;
}

/** The upload page: uploads, unfinished ones, and the intake of files. */
function createLists(page: Page, announcer: Announcer, onChange: UploadsOptions["onChange"]): Lists {
  const palette = createPalette();
  const throughput = createThroughput();
  const uploads = createUploads({
    section: byId("uploads", HTMLElement),
    linkTo: (key) => (page.place.isLocal ? `/objects/${key.split("/").map(encodeURIComponent).join("/")}` : undefined),
    frame: createFrame(),
    palette,
    throughput,
    figure: createGraph(throughput, palette),
    announcer,
    onError: page.showError,
    onChange,
  });
  const pending = createPendingList({
    section: byId("pending", HTMLElement),
    onResumed: uploads.add,
    onAnew: (picked, key) => intake.begin(picked, key),
    onError: page.showError,
  });
  const priority = byId("priority", HTMLSelectElement);
  const intake = createIntake({
    uploader: () => page.uploader,
    pending,
    uploads,
    priority: () => priorities.find((one) => one === priority.value) ?? "normal",
    announce: page.announce,
    onError: page.showError,
    onBusy: (found) => setText(byId("adding", HTMLElement), found > 1 ? words().add.reading(found) : ""),
  });
  const redraw = () => {
    palette.forget();
    uploads.redraw();
    pending.redraw();
  };
  page.onRequest(uploads.note);
  onLanguage(redraw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  return {
    take: intake.take,
    async follow() {
      showPlace(page);
      uploads.follow(page.uploader);
      const goingOn = await pending.follow(page.uploader);
      if (goingOn > 0) announcer.say(words().said.resumed(goingOn));
    },
  };
}

function acceptFiles(onFiles: (files: readonly PickedFile[]) => void, { showError: onError }: Page): void {
  wireFileInput(byId("files", HTMLInputElement), { onPicked: onFiles, onError });
  byId("folder", HTMLButtonElement).addEventListener("click", () => {
    pickFiles({ folder: true }).then(onFiles, onError);
  });
  acceptDrops(document.body, { onFiles, onError });
  acceptPastes(onFiles);
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

start()
  .catch(notices.show)
  .finally(() => byId("page", HTMLElement).classList.remove("starting"));
