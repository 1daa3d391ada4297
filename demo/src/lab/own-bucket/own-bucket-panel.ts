/** Connects the page to a bucket of the visitor's own, and back. What is entered stays in the memory of this tab. */
import { element, setText, setVisible } from "@ossicle/elements/dom/element.js";
import { worded } from "../../elements/element.js";
import { onLanguage, words } from "../../words/language.js";
import { drawBusy } from "../busy-button.js";
import { createDrawer } from "../drawer.js";
import type { Page } from "../page.js";
import { type BucketForm, createBucketForm } from "./bucket-form.js";
import type { FieldProblems } from "./field-problem.js";
import { ownStore, tryAuth } from "./own-store.js";
import { nameOf, readForm } from "./read-form.js";

export interface OwnBucketOptions {
  readonly page: Page;
  /** Called when the page uses the visitor's bucket. */
  readonly onConnected: () => void;
}

/** For tests: [data-testid=own-bucket] (a details), own-field-{name}, own-connect, own-disconnect. */
export function mountOwnBucket(section: HTMLElement, { page, onConnected }: OwnBucketOptions): void {
  const { form, whole, place, connect, disconnect, drawer } = createPanel();
  section.append(drawer);
  let busy = false;

  function draw(): void {
    setText(place, page.place.isLocal ? words().page.storeLocal : page.place.name);
    drawBusy(connect, busy ? words().ownBucket.connecting : words().ownBucket.connect, busy);
    setVisible(disconnect, !page.place.isLocal, connect);
  }

  /** One act at a time; the page shows what it was rejected with. */
  async function work(act: () => Promise<void>): Promise<void> {
    if (busy) return;
    busy = true;
    draw();
    try {
      await act();
    } catch (error) {
      page.showError(error);
    } finally {
      busy = false;
      draw();
    }
  }

  whole.addEventListener("submit", (event) => {
    event.preventDefault();
    void work(async () => {
      if (await connectTo(form, page)) onConnected();
    });
  });
  disconnect.addEventListener("click", () => {
    void work(async () => {
      await page.useLocal();
      page.announce(words().ownBucket.disconnected);
    });
  });
  page.onPlace(draw);
  onLanguage(draw);
  draw();
}

function createPanel() {
  const form = createBucketForm();
  const place = element("span", { class: "panel-sum", "data-testid": "own-place" });
  const connect = element("button", { class: "button button-primary", "data-testid": "own-connect" });
  const disconnect = worded("button", "ownBucket.disconnect", {
    type: "button",
    class: "button",
    "data-testid": "own-disconnect",
  });
  const whole = element(
    "form",
    { class: "own-form", novalidate: "", autocomplete: "off", "data-words-label": "ownBucket.title" },
    ...form.elements,
    element("div", { class: "panel-controls" }, connect, disconnect),
  );
  const about = { testid: "own-bucket", title: "ownBucket.title", lead: "ownBucket.lead", sum: place } as const;
  return { form, whole, place, connect, disconnect, drawer: createDrawer(about, whole) };
}

/** @returns true if the page now uses the bucket; false if the form shows what is wrong */
async function connectTo(form: BucketForm, page: Page): Promise<boolean> {
  const read = readForm(form.values(), { now: Date.now(), pageUrl: location.href });
  if ("problems" in read) return complain(form, page, read.problems);
  const { target } = read;
  const problem = await tryAuth(target.auth, target.bucket);
  if (problem !== undefined) return complain(form, page, { [target.auth.kind]: problem });
  await page.use({ store: ownStore(target), name: nameOf(target), isLocal: false });
  form.forgetSecrets();
  page.announce(words().ownBucket.connected(target.bucket));
  return true;
}

function complain(form: BucketForm, page: Page, problems: FieldProblems): false {
  form.complain(problems);
  page.announce(words().ownBucket.wrong(Object.keys(problems).length));
  return false;
}
