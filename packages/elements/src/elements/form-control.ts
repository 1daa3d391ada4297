/**
 * What a form knows of `<ossicle-upload>`: one entry for each stored key, under the element's name; and that it cannot be sent half-way.
 * With `submit-when-done` a form that is sent too early is sent when the files are there.
 */
import type { Words } from "../words/en.js";

export interface FormState {
  readonly words: Words;
  readonly name: string;
  readonly required: boolean;
  readonly waitsToSubmit: boolean;
  /** Of what is stored, in the order of the list. */
  readonly keys: readonly string[];
  /** "uploading": files go up by themselves; "unfinished": some are paused or have failed; "none": all are stored. */
  readonly open: "uploading" | "unfinished" | "none";
}

export interface FormControl {
  readonly form: HTMLFormElement | null;
  /** The form will be sent when the files are there. */
  readonly isSending: boolean;
  update(state: FormState): void;
  /** The element is in another form, or in none. */
  moved(form: HTMLFormElement | null): void;
}

/** Controls that only wait for their files, each with what makes it send its form when they are there. */
const waiting = new WeakMap<Element, (by: HTMLElement | null) => void>();

/** @param anchor where the browser shows what is missing @param changed draws, after `isSending` has changed */
export function createFormControl(
  host: HTMLElement,
  internals: ElementInternals,
  anchor: () => HTMLElement,
  { changed, sent }: { readonly changed: () => void; readonly sent: () => void },
): FormControl {
  let state: FormState | undefined;
  let clicked: HTMLElement | null = null;
  let submitter: HTMLElement | null | undefined;
  let listening = new AbortController();

  /** A form is sent by a click on its button; Enter in a field clicks it, too. Its validity is asked for at other times as well. */
  function noteClick(form: HTMLFormElement, event: Event): void {
    const button = event
      .composedPath()
      .find((node) => node instanceof HTMLButtonElement || node instanceof HTMLInputElement);
    if (button === undefined || button.form !== form || !/^(submit|image)$/.test(button.type)) return;
    clicked = button;
    setTimeout(() => {
      clicked = null;
    }, 0);
  }

  host.addEventListener("invalid", (event) => {
    if (clicked === null || state?.open !== "uploading" || !state.waitsToSubmit) return;
    const others = controls().filter((control) => !waiting.has(control) && control.matches(":invalid"));
    // The person has to mend those first, and will send the form again.
    if (others.length > 0) return;
    event.preventDefault();
    wait(clicked);
  });

  const controls = () => [...(internals.form?.elements ?? [])];

  function wait(by: HTMLElement | null): void {
    submitter = by;
    changed();
  }

  /** The last whose files are there sends the form. */
  function submit(by: HTMLElement | null): void {
    submitter = undefined;
    const next = controls().find((control) => waiting.has(control) && control.matches(":invalid"));
    if (next === undefined) internals.form?.requestSubmit(by?.isConnected === true ? by : null);
    else waiting.get(next)?.(by);
  }

  return {
    get form() {
      return internals.form;
    },
    get isSending() {
      return submitter !== undefined;
    },
    update(next) {
      state = next;
      const data = new FormData();
      for (const key of next.keys) data.append(next.name, key);
      internals.setFormValue(next.name === "" || next.keys.length === 0 ? null : data);
      const { form } = next.words;
      if (next.open !== "none") internals.setValidity({ customError: true }, form[next.open], anchor());
      else if (next.required && next.keys.length === 0)
        internals.setValidity({ valueMissing: true }, form.missing, anchor());
      else internals.setValidity({});
      if (next.open === "uploading" && next.waitsToSubmit) waiting.set(host, wait);
      else waiting.delete(host);
      if (submitter === undefined) return;
      // What is paused or has failed is for the person to decide: the form is not sent behind their back.
      if (next.open === "unfinished") submitter = undefined;
      else if (next.open === "none") submit(submitter);
    },
    moved(form) {
      listening.abort();
      listening = new AbortController();
      if (form === null) return;
      const { signal } = listening;
      document.addEventListener("click", (event) => noteClick(form, event), { capture: true, signal });
      const heard = (event: Event) => event.target === form && !event.defaultPrevented && sent();
      // The last who hears of it: whatever the page does with it, it has done. Of a form in a shadow tree the window never hears.
      const listen = () => {
        const root = form.getRootNode();
        (root === document ? window : root).addEventListener("submit", heard, { signal, once: true });
      };
      form.addEventListener("submit", listen, { signal, capture: true });
    },
  };
}
