/**
 * `<ossicle-upload>`: drop zone, list, total and unfinished uploads in one, and a control of the form that it stands in. The slot
 * "controls" stands beside the buttons, the slot "figure" beside the sum.
 *
 * Events: "stored" (`detail` is the `UploadResult`), "failed" (`detail` is `{ key, error }`), "change" when `value` has changed.
 *
 * For tests: [data-testid=announcements] is what screen readers hear, [data-testid=uploads-section] is hidden while the list is empty.
 */
import type { PickedFile, RequestTrace, Uploader, UploadResult } from "@ossicle/core";
import type { QuestionPanel } from "../asking/question-panel.js";
import type { Desk, Watcher } from "../desk/desk.js";
import { isGone } from "../desk/entries.js";
import type { Settings } from "../desk/settings.js";
import type { Sum } from "../desk/sum.js";
import { type Announcer, createAnnouncer } from "../dom/announcer.js";
import { setVisible } from "../dom/element.js";
import { createNotices, type Notices } from "../dom/notices.js";
import { fillWords, type Texts } from "../words/language.js";
import { DeskElement } from "./desk-element.js";
import { createFormControl, type FormControl, type FormState } from "./form-control.js";
import type { LinkFor } from "./list-element.js";
import { loadedViews, type Views, viewsSoon } from "./loaded-views.js";
import { createPageTitle, type PageTitle } from "./page-title.js";
import { createParts, type Parts } from "./upload-parts.js";
import { placeAttributes, uploaderOf } from "./uploader-of.js";

const attributes = [
  ...["lang", "accept", "multiple", "drop-anywhere", "key-prefix", "same-name", "keep-finished", "show-in-title"],
  ...["name", "required", "submit-when-done", ...placeAttributes],
];

export class OssicleUpload extends DeskElement {
  static readonly formAssociated = true;
  static override observedAttributes = attributes;
  readonly #internals = this.attachInternals();
  #form: FormControl | undefined;
  #parts: Parts | undefined;
  #questions: QuestionPanel | undefined;
  #announcer: Announcer | undefined;
  #notices: Notices | undefined;
  #title: PageTitle | undefined;
  #own: Uploader | null = null;
  #ownPlace = "";
  #keyFor: Settings["keyFor"] = null;
  #optionsFor: Settings["optionsFor"] = null;
  #linkFor: LinkFor | null = null;
  #unreadable: string[] = [];
  #value: readonly string[] = [];
  #wasLost = false;

  // What the app says --------------------------------------------------------------------------------------------------

  /** The name of a file's object. Default: `key-prefix` and the file's path. */
  get keyFor(): Settings["keyFor"] {
    return this.#keyFor;
  }

  set keyFor(keyFor: Settings["keyFor"]) {
    this.#keyFor = keyFor;
    this.#settle();
  }

  /** Further options of `upload()` for a file: metadata, callback, priority, … */
  get optionsFor(): Settings["optionsFor"] {
    return this.#optionsFor;
  }

  set optionsFor(optionsFor: Settings["optionsFor"]) {
    this.#optionsFor = optionsFor;
    this.#settle();
  }

  /** Where a stored object can be opened. Default: nowhere, since most buckets are private. */
  get linkFor(): LinkFor | null {
    return this.#linkFor;
  }

  set linkFor(linkFor: LinkFor | null) {
    this.#linkFor = linkFor;
    if (this.#parts !== undefined) this.#parts.list.linkFor = linkFor;
  }

  override set texts(texts: Texts) {
    super.texts = texts;
    this.#parts?.speak(texts);
  }

  override get texts(): Texts {
    return super.texts;
  }

  // What the app can ask and do ----------------------------------------------------------------------------------------

  /** Keys of what is stored, in the order of the list. */
  get value(): readonly string[] {
    return this.#value;
  }

  /** What is known of what is stored, in the order of the list. */
  get results(): readonly UploadResult[] {
    return (this.desk?.entries ?? []).flatMap(({ upload: { state } }) =>
      state.phase === "completed" ? [state.result] : [],
    );
  }

  get form(): HTMLFormElement | null {
    return this.#internals.form;
  }

  get validity(): ValidityState {
    return this.#internals.validity;
  }

  get validationMessage(): string {
    return this.#internals.validationMessage;
  }

  checkValidity(): boolean {
    return this.#internals.checkValidity();
  }

  reportValidity(): boolean {
    return this.#internals.reportValidity();
  }

  /** Resolves when the unfinished uploads of earlier pages are listed, with how many of them go on by themselves. */
  get ready(): Promise<number> {
    return this.#deskSoon().then((desk) => desk?.ready ?? 0);
  }

  /** Uploads files that the app has got in a way of its own. */
  async add(files: readonly PickedFile[]): Promise<void> {
    const desk = await this.#deskSoon();
    if (desk === null) return;
    const { resumed, system, ofOtherType } = await desk.take(files);
    const { add, pending } = this.words;
    if (resumed > 0) this.announce(pending.someRecognised(resumed));
    if (system.length > 0) this.#notices?.say(add.leftOut(system.length, named(system)));
    if (ofOtherType.length > 0) this.#notices?.say(add.wrongType(ofOtherType.length, named(ofOtherType)));
    if (this.#unreadable.length > 0)
      this.#notices?.say(add.unreadable(this.#unreadable.length, named(this.#unreadable)));
    this.#unreadable = [];
  }

  /** Takes what is finished or cancelled out of the list, and forgets it for later pages. */
  clear(): void {
    this.desk?.clear();
  }

  /** For a sign-out: what was finished is forgotten, for later pages too. */
  forgetFinished(): void {
    this.desk?.forget();
  }

  /** Shows an error above the files until the person dismisses it. */
  showError(error: unknown): void {
    this.#notices?.show(error);
  }

  /** Tells screen readers, without interrupting them. */
  announce(sentence: string): void {
    this.#announcer?.say(sentence);
  }

  /** Takes what `onRequest` of an uploader of the app's own tells, so that the map shows which parts needed a second attempt. */
  note(trace: RequestTrace): void {
    this.desk?.note(trace);
  }

  // What the browser calls ---------------------------------------------------------------------------------------------

  override connectedCallback(): void {
    super.connectedCallback();
    this.changed();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#title?.leave();
    this.#title = undefined;
    // A move within the page is no end: the element is connected again in the same task.
    queueMicrotask(() => {
      if (!this.isConnected) this.#closeOwn();
    });
  }

  formAssociatedCallback(form: HTMLFormElement | null): void {
    this.#formControl().moved(form);
  }

  formDisabledCallback(disabled: boolean): void {
    this.content.disabled = disabled;
    this.#parts?.disable(disabled);
  }

  formResetCallback(): void {
    this.desk?.empty().catch((error) => this.showError(error));
  }

  // How it is made -----------------------------------------------------------------------------------------------------

  protected override build(): void {
    const parts = createParts();
    this.#parts = parts;
    const { unfinished, dropZone, list, section, sending, notices, announcements } = parts;
    this.content.append(notices, unfinished, dropZone, sending, section, announcements);
    this.#notices = createNotices(notices, () => this.words);
    this.#announcer = createAnnouncer(announcements, () => this.words);
    hear<readonly PickedFile[]>(dropZone, "files", (files) => void this.add(files));
    hear<string>(dropZone, "unreadable", (path) => this.#unreadable.push(path));
    for (const part of [dropZone, list]) hear<unknown>(part, "trouble", (error) => this.showError(error));
    list.linkFor = this.#linkFor;
    parts.speak(this.texts);
    parts.show(this.uploader);
  }

  protected override changed(): void {
    super.changed();
    this.#connect();
    this.#settle();
    if (this.hasAttribute("show-in-title")) this.#title ??= createPageTitle();
    const parts = this.#parts;
    if (parts === undefined) return;
    parts.dropZone.accept = this.getAttribute("accept") ?? "";
    parts.dropZone.multiple = this.hasAttribute("multiple");
    parts.dropZone.anywhere = this.hasAttribute("drop-anywhere");
    this.#look();
  }

  protected override changedUploader(): void {
    this.#parts?.show(this.uploader);
    this.#questions?.element.remove();
    this.#questions = undefined;
  }

  protected override deskLoaded(desk: Desk, views: Views): void {
    this.#settle();
    const parts = this.#parts;
    if (this.#questions !== undefined || parts === undefined) return;
    this.#questions = views.createQuestionPanel(desk);
    this.wear(views.viewSheet());
    parts.section.before(this.#questions.element);
    fillWords(this.#questions.element, this.words);
  }

  protected override spoken(): void {
    this.#look();
  }

  protected override watcher(): Watcher {
    return {
      changed: () => {
        this.#look();
        this.drawSoon();
      },
      phased: ({ upload: { key, state }, name, isKept }) => {
        if (isKept) return;
        const told = loadedViews()?.toldOf(this.words, name, state) ?? null;
        if (told !== null) this.#announcer?.tell(told[1], told[0]);
        if (state.phase === "completed") this.#tell("stored", state.result);
        if (state.phase === "failed") this.#tell("failed", { key, error: state.error });
      },
      failed: (error) => this.showError(error),
    };
  }

  protected override draw(): void {
    const { desk } = this;
    const parts = this.#parts;
    if (desk === null || parts === undefined) return;
    const { section, dropZone, sending } = parts;
    setVisible(section, desk.entries.length > 0, dropZone);
    setVisible(sending, this.#formControl().isSending);
    dropZone.adding = desk.adding;
    const asked = this.#questions?.draw(this.words, dropZone) ?? null;
    if (asked !== null) this.announce(asked);
  }

  /** What must be true in a hidden tab too, which draws no frames. */
  #look(): void {
    if (this.desk !== null) this.#tellOf(this.desk.sum);
    const keys = this.results.map(({ key }) => key);
    const isSame = keys.length === this.#value.length && keys.every((key, place) => key === this.#value[place]);
    this.#value = keys;
    this.#formControl().update(this.#formState());
    if (!isSame) this.#tell("change", undefined);
  }

  #tellOf(sum: Sum): void {
    this.#title?.draw(sum);
    const isLost = sum.still?.reason === "lost" || sum.still?.reason === "offline";
    if (isLost === this.#wasLost || !(isLost || sum.isMoving)) return;
    this.announce(isLost ? this.words.said.lost : this.words.said.restored);
    this.#wasLost = isLost;
  }

  /** Before the desk is loaded nothing is stored. */
  #formState(): FormState {
    const { desk } = this;
    const open = (desk?.entries ?? []).filter((entry) => !isGone(entry) && entry.upload.state.phase !== "completed");
    const isAdding = desk !== null && (desk.adding > 0 || desk.question.open !== null);
    const isBusy = isAdding || open.some(({ upload }) => "resumable" in upload.state);
    return {
      words: this.words,
      name: this.getAttribute("name") ?? "",
      required: this.hasAttribute("required"),
      waitsToSubmit: this.hasAttribute("submit-when-done"),
      keys: this.#value,
      open: isBusy ? "uploading" : open.length > 0 ? "unfinished" : "none",
    };
  }

  /** null without an uploader. */
  async #deskSoon(): Promise<Desk | null> {
    const { uploader } = this;
    if (uploader === null) return null;
    const desk = (await viewsSoon()).deskOf(uploader);
    Object.assign(desk.settings, this.#settings());
    return desk;
  }

  #formControl(): FormControl {
    this.#form ??= createFormControl(this, this.#internals, () => this.#parts?.dropZone.control ?? this.content, {
      changed: this.drawSoon,
      // The next page begins with an empty list: what was sent belongs to the form that was sent.
      sent: () => this.hasAttribute("name") && this.desk?.forgetLater(),
    });
    return this.#form;
  }

  #tell(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
  }

  /** Hands what the app has said to the desk. */
  #settle(): void {
    if (this.desk !== null) Object.assign(this.desk.settings, this.#settings());
  }

  #settings(): Settings {
    const kept = Number(this.getAttribute("keep-finished") ?? 200);
    return {
      keyFor: this.#keyFor,
      optionsFor: this.#optionsFor,
      keyPrefix: this.getAttribute("key-prefix") ?? "",
      sameName: sameNameOf(this.getAttribute("same-name")),
      accept: this.getAttribute("accept") ?? "",
      multiple: this.hasAttribute("multiple"),
      scope: this.getAttribute("scope") ?? "",
      keepFinished: Number.isFinite(kept) ? Math.min(200, Math.max(0, kept)) : 200,
    };
  }

  /** Without an uploader of the app's own, makes the one that the attributes ask for. */
  #connect(): void {
    if (this.uploader !== this.#own || !this.isConnected) return;
    const place = placeAttributes.map((name) => this.getAttribute(name)).join("\n");
    if (place === this.#ownPlace) return;
    this.#closeOwn();
    this.#ownPlace = place;
    try {
      this.#own = uploaderOf(this, (trace) => this.note(trace));
    } catch (error) {
      this.showError(error);
    }
    this.uploader = this.#own;
  }

  #closeOwn(): void {
    const own = this.#own;
    this.#own = null;
    this.#ownPlace = "";
    if (own === null) return;
    if (this.uploader === own) this.uploader = null;
    own.close().catch(() => {});
  }
}

function hear<Detail>(node: HTMLElement, type: string, act: (detail: Detail) => void): void {
  node.addEventListener(type, (event) => act((event as CustomEvent<Detail>).detail));
}

function sameNameOf(said: string | null): Settings["sameName"] {
  return said === "both" || said === "replace" || said === "skip" ? said : "ask";
}

/** The first few names, without their folders. */
function named(paths: readonly string[]): string {
  const names = [...new Set(paths.map((path) => path.slice(path.lastIndexOf("/") + 1)))];
  return names.length > 3 ? `${names.slice(0, 3).join(", ")} …` : names.join(", ");
}
