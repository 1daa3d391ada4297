/** The way to a bucket of the visitor's own and back. What is entered lives in this tab's memory alone. */
import { element, setAttribute, setText, setVisible, worded } from "../../elements/element.js";
import { onLanguage, words } from "../../words/language.js";
import type { Page } from "../page.js";
import { createBucketForm } from "./bucket-form.js";
import type { FieldProblems } from "./field-problem.js";
import { ownStore, tryAuth } from "./own-store.js";
import { nameOf, readForm } from "./read-form.js";

export interface OwnBucketOptions {
  readonly page: Page;
  /** Called when another store is in use. */
  readonly onConnected: () => void;
}

/** For tests: [data-testid=own-bucket] (a details), own-field-{name}, own-connect, own-disconnect. */
export function mountOwnBucket(section: HTMLElement, { page, onConnected }: OwnBucketOptions): void {
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
  section.append(
    element(
      "details",
      { class: "drawer", "data-testid": "own-bucket" },
      element("summary", {}, worded("h2", "ownBucket.title"), place),
      worded("p", "ownBucket.lead", { class: "panel-lead" }),
      whole,
    ),
  );
  let busy = false;

  function draw(): void {
    setText(place, page.place.isLocal ? words().page.storeLocal : page.place.name);
    setText(connect, busy ? words().ownBucket.connecting : words().ownBucket.connect);
    // Not `disabled`: that would take the focus from whoever has just pressed it.
    setAttribute(connect, "aria-disabled", busy ? "true" : null);
    setVisible(disconnect, !page.place.isLocal, connect);
  }

  function complain(problems: FieldProblems): void {
    form.complain(problems);
    page.announce(words().ownBucket.wrong(Object.keys(problems).length));
  }

  async function connectTo(): Promise<void> {
    const read = readForm(form.values(), { now: Date.now(), pageUrl: location.href });
    if ("problems" in read) {
      complain(read.problems);
      return;
    }
    const { target } = read;
    const problem = await tryAuth(target.auth, target.bucket);
    if (problem !== undefined) {
      complain({ [target.auth.kind]: problem });
      return;
    }
    await page.use({ store: ownStore(target), name: nameOf(target), isLocal: false });
    form.forgetSecrets();
    page.announce(words().ownBucket.connected(target.bucket));
    // Its findings come in their own time.
    onConnected();
  }

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
    void work(connectTo);
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
