/**
 * `<ossicle-upload>`: drop zone, list, total and unfinished uploads in one, and a control of the form that it stands in. The slot
 * "controls" stands beside the buttons, the slot "figure" beside the sum.
 *
 * Events: "stored" (`detail` is the `UploadResult`), "failed" (`detail` is `{ key, error }`), "change" when `value` has changed.
 *
 * For tests: [data-testid=announcements] is what screen readers hear, [data-testid=uploads-section] is hidden while the list is empty.
 */
import type { PickedFile, RequestTrace, UploadResult } from "@ossicle/core";
import type { QuestionPanel } from "../asking/question-panel.js";
import type { Desk, Watcher } from "../desk/desk.js";
import type { Sum } from "../desk/sum.js";
import { type Announcer, createAnnouncer } from "../dom/announcer.js";
import { setVisible } from "../dom/element.js";
import { createNotices, type Notices } from "../dom/notices.js";
import { fillWords, type Texts } from "../words/language.js";
import { leftOutWords } from "./left-out.js";
import type { LinkFor } from "./list-element.js";
import { loadedViews, type Views, viewsSoon } from "./loaded-views.js";
import { createPageTitle, type PageTitle } from "./page-title.js";
import { SettingElement } from "./setting-element.js";
import { createParts, type Parts } from "./upload-parts.js";
import { createOwnUploader, placeAttributes } from "./uploader-of.js";

const attributes = [
  ...["lang", "accept", "multiple", "drop-anywhere", "key-prefix", "same-name", "keep-finished", "show-in-title"],
  ...["name", "required", "submit-when-done", ...placeAttributes],
];

export class OssicleUpload extends SettingElement {
  static override observedAttributes = attributes;
  readonly #own = createOwnUploader(this, (trace) => this.note(trace));
  #parts: Parts | undefined;
  #questions: QuestionPanel | undefined;
  #announcer: Announcer | undefined;
  #notices: Notices | undefined;
  #title: PageTitle | undefined;
  #linkFor: LinkFor | null = null;
  #unreadable: string[] = [];
  #wasLost = false;

  // What the app says --------------------------------------------------------------------------------------------------

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

  /** What is known of what is stored, in the order of the list. */
  get results(): readonly UploadResult[] {
    return (this.desk?.entries ?? []).flatMap(({ upload: { state } }) =>
      state.phase === "completed" ? [state.result] : [],
    );
  }

  /** Resolves when the unfinished uploads of earlier pages are listed, with how many of them go on by themselves. */
  get ready(): Promise<number> {
    return this.#deskSoon().then((desk) => desk?.ready ?? 0);
  }

  /** Uploads files that the app has got in a way of its own. */
  async add(files: readonly PickedFile[]): Promise<void> {
    this.picked += files.length;
    this.#look();
    try {
      const desk = await this.#deskSoon();
      if (desk === null) return;
      const taken = await desk.take(files);
      if (taken.resumed > 0) this.announce(this.words.pending.someRecognised(taken.resumed));
      for (const sentence of leftOutWords(this.words, taken, this.#unreadable)) this.#notices?.say(sentence);
      this.#unreadable = [];
    } finally {
      this.picked -= files.length;
      this.#look();
    }
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

  override get disabled(): boolean {
    return super.disabled;
  }

  override set disabled(disabled: boolean) {
    super.disabled = disabled;
    this.#parts?.disable(disabled);
  }

  // How it is made -----------------------------------------------------------------------------------------------------

  protected override get anchor(): HTMLElement {
    return this.#parts?.dropZone.control ?? this.content;
  }

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
    this.#show();
  }

  protected override changed(): void {
    super.changed();
    this.#connect();
    this.settle();
    if (this.hasAttribute("show-in-title")) this.#title ??= createPageTitle();
    const parts = this.#parts;
    if (parts === undefined) return;
    parts.dropZone.accept = this.getAttribute("accept") ?? "";
    parts.dropZone.multiple = this.hasAttribute("multiple");
    parts.dropZone.anywhere = this.hasAttribute("drop-anywhere");
    this.#look();
  }

  protected override changedUploader(): void {
    this.#show();
    this.#questions?.element.remove();
    this.#questions = undefined;
  }

  protected override deskLoaded(desk: Desk, views: Views): void {
    this.settle();
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
    setVisible(sending, this.control.isSending);
    dropZone.adding = desk.adding;
    const asked = this.#questions?.draw(this.words, dropZone) ?? null;
    if (asked !== null) this.announce(asked);
  }

  /** What must be true in a hidden tab too, which draws no frames. */
  #look(): void {
    if (this.desk !== null) this.#tellOf(this.desk.sum);
    const keys = this.results.map(({ key }) => key);
    if (this.noteStored(keys)) this.#tell("change", undefined);
  }

  #tellOf(sum: Sum): void {
    this.#title?.draw(sum);
    const isLost = sum.still?.reason === "lost" || sum.still?.reason === "offline";
    if (isLost === this.#wasLost || !(isLost || sum.isMoving)) return;
    this.announce(isLost ? this.words.said.lost : this.words.said.restored);
    this.#wasLost = isLost;
  }

  /** The desk knows what the app has said before any part looks at it: whose files are listed depends on it. */
  #show(): void {
    void this.#deskSoon();
    this.#parts?.show(this.uploader);
  }

  /** null without an uploader. */
  async #deskSoon(): Promise<Desk | null> {
    const { uploader } = this;
    if (uploader === null) return null;
    const desk = (await viewsSoon()).deskOf(uploader);
    desk.settle(this.settings);
    return desk;
  }

  #tell(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
  }

  /** Without an uploader of the app's own, shows the one that the attributes ask for. */
  #connect(): void {
    if (this.uploader !== this.#own.uploader || !this.isConnected) return;
    try {
      this.#own.update();
    } catch (error) {
      this.showError(error);
    }
    this.uploader = this.#own.uploader;
  }

  #closeOwn(): void {
    if (this.uploader === this.#own.uploader) this.uploader = null;
    this.#own.close();
  }
}

function hear<Detail>(node: HTMLElement, type: string, act: (detail: Detail) => void): void {
  node.addEventListener(type, (event) => act((event as CustomEvent<Detail>).detail));
}
