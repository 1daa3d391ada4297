/** A control of the form that it stands in: what browsers, forms and scripts ask of one. */
import { isGone } from "../desk/entries.js";
import { DeskElement } from "./desk-element.js";
import { createFormControl, type FormControl, type FormState } from "./form-control.js";

export abstract class FormElement extends DeskElement {
  static readonly formAssociated = true;
  /** Number of files that were picked and are not in the list yet: the desk may still be loading. */
  protected picked = 0;
  readonly #internals = this.attachInternals();
  #control: FormControl | undefined;
  #value: readonly string[] = [];

  /** Keys of what is stored, in the order of the list. */
  get value(): readonly string[] {
    return this.#value;
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

  formAssociatedCallback(form: HTMLFormElement | null): void {
    this.control.moved(form);
  }

  formDisabledCallback(disabled: boolean): void {
    this.disabled = disabled;
  }

  formResetCallback(): void {
    void this.desk?.empty();
  }

  /** What the browser goes to where a file is missing. */
  protected abstract get anchor(): HTMLElement;

  protected get control(): FormControl {
    this.#control ??= createFormControl(this, this.#internals, () => this.anchor, {
      changed: this.drawSoon,
      // The next page begins with an empty list: what was sent belongs to the form that was sent.
      sent: () => this.hasAttribute("name") && this.desk?.forgetLater(),
    });
    return this.#control;
  }

  /** Tells the form what is stored by now. @param stored keys, in order @returns whether the value has changed */
  protected noteStored(stored: readonly string[]): boolean {
    const isSame = stored.length === this.#value.length && stored.every((key, place) => key === this.#value[place]);
    this.#value = stored;
    this.control.update({
      words: this.words,
      name: this.getAttribute("name") ?? "",
      required: this.hasAttribute("required"),
      waitsToSubmit: this.hasAttribute("submit-when-done"),
      keys: stored,
      open: this.#open,
    });
    return !isSame;
  }

  /** Before the desk is loaded nothing is stored, and nothing but what was picked is under way. */
  get #open(): FormState["open"] {
    const { desk } = this;
    if (this.picked > 0) return "uploading";
    if (desk === null) return "none";
    const open = desk.entries.filter((entry) => !isGone(entry) && entry.upload.state.phase !== "completed");
    const isBusy =
      desk.adding > 0 || desk.question.open !== null || open.some(({ upload }) => "resumable" in upload.state);
    return isBusy ? "uploading" : open.length > 0 ? "unfinished" : "none";
  }
}
