/** An element that shows uploads: it is told of which uploader, and draws whenever something changes. */
import type { Uploader } from "@ossicle/core";
import type { Desk, Watcher } from "../desk/desk.js";
import { OssicleElement } from "./base.js";
import { type Views, viewsSoon } from "./loaded-views.js";

export abstract class DeskElement extends OssicleElement {
  /** null without an uploader, and until the desk is loaded. */
  protected desk: Desk | null = null;
  #uploader: Uploader | null = null;
  #leave = () => {};

  /** Whose uploads are shown. Elements of the same uploader show the same. */
  get uploader(): Uploader | null {
    return this.#uploader;
  }

  set uploader(uploader: Uploader | null) {
    if (uploader === this.#uploader) return;
    this.#leave();
    this.#uploader = uploader;
    this.desk = null;
    this.changedUploader();
    if (this.isConnected && this.isBuilt) this.#enter();
  }

  /** Shows everything disabled, as a form's fieldset does. */
  get disabled(): boolean {
    return this.content.disabled;
  }

  set disabled(disabled: boolean) {
    this.content.disabled = disabled;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#enter();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave();
  }

  protected watcher(): Watcher {
    return { changed: this.drawSoon };
  }

  /** What was made for the uploader of before is of no use. */
  protected changedUploader(): void {}

  /** Called before the first look at the desk. */
  protected deskLoaded(_desk: Desk, _views: Views): void {}

  #enter(): void {
    this.#leave();
    this.#leave = () => {};
    const uploader = this.#uploader;
    if (uploader === null) return;
    void viewsSoon().then((views) => {
      // The element may have left, or have got another uploader, while it was loaded.
      if (!this.isConnected || this.#uploader !== uploader) return;
      this.#leave();
      this.desk = views.deskOf(uploader);
      this.deskLoaded(this.desk, views);
      this.#leave = this.desk.enter(this.watcher());
      this.drawSoon();
    });
  }
}
