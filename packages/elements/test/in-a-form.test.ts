/** A form is sent once, when it is complete, and what it has sent is known whoever else listens. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createFormControl, type FormState } from "../src/elements/form-control.js";
import { en } from "../src/words/en.js";

/** What a browser has of a form: controls, and validity that each of them says. */
class FormDouble extends EventTarget {
  readonly elements: ControlDouble[] = [];
  readonly sent: (Button | null)[] = [];

  getRootNode = () => page;

  /** A browser sends a form whose controls are all valid, and tells each of the others. */
  requestSubmit(by: Button | null): void {
    const invalid = this.elements.filter((control) => !control.isValid);
    for (const control of invalid) control.dispatchEvent(new Event("invalid", { cancelable: true }));
    if (invalid.length === 0) this.sent.push(by);
  }
}

class ControlDouble extends EventTarget {
  isValid = true;
  readonly form: FormDouble;

  constructor(form: FormDouble) {
    super();
    this.form = form;
    form.elements.push(this);
  }

  matches(): boolean {
    return !this.isValid;
  }

  setFormValue(): void {}

  setValidity(flags: object): void {
    this.isValid = Object.keys(flags).length === 0;
  }
}

class Button {
  readonly type = "submit";
  readonly isConnected = true;
  readonly form: FormDouble;

  constructor(form: FormDouble) {
    this.form = form;
  }
}

let page: EventTarget;
let site: EventTarget;

beforeEach(() => {
  vi.useFakeTimers();
  page = new EventTarget();
  site = new EventTarget();
  vi.stubGlobal("document", page);
  vi.stubGlobal("window", site);
  vi.stubGlobal("HTMLButtonElement", Button);
  vi.stubGlobal("HTMLInputElement", class {});
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function uploadIn(form: FormDouble) {
  const host = new ControlDouble(form);
  const sent = vi.fn();
  const element = host as unknown as HTMLElement;
  const control = createFormControl(element, host as unknown as ElementInternals, () => element, {
    changed() {},
    sent,
  });
  control.moved(form as unknown as HTMLFormElement);
  const is = (open: FormState["open"]) =>
    control.update({ words: en, name: "files", required: false, waitsToSubmit: true, keys: [], open });
  is("none");
  return { control, sent, is };
}

function click(button: Button): void {
  const event = new Event("click");
  Object.defineProperty(event, "composedPath", { value: () => [button] });
  page.dispatchEvent(event);
  button.form.requestSubmit(button);
  vi.runAllTimers();
}

test("two elements that only wait for their files send their form once, by the same button, when both have them", () => {
  const form = new FormDouble();
  const button = new Button(form);
  const [first, second] = [uploadIn(form), uploadIn(form)];
  first.is("uploading");
  second.is("uploading");
  click(button);
  expect([first, second].map(({ control }) => control.isSending)).toEqual([true, true]);

  first.is("none");
  expect(form.sent).toEqual([]);
  second.is("uploading");
  second.is("none");

  expect(form.sent).toEqual([button]);
  expect([first, second].map(({ control }) => control.isSending)).toEqual([false, false]);
});

test("a file that was added to the other element meanwhile goes with the form, too", () => {
  const form = new FormDouble();
  const button = new Button(form);
  const [first, second] = [uploadIn(form), uploadIn(form)];
  first.is("uploading");
  click(button);
  second.is("uploading");

  first.is("none");
  expect(form.sent).toEqual([]);
  second.is("none");

  expect(form.sent).toEqual([button]);
});

test("a field that has to be mended keeps the form from waiting, and so does an element whose files are paused", () => {
  const form = new FormDouble();
  const [first, second] = [uploadIn(form), uploadIn(form)];
  first.is("uploading");
  second.is("unfinished");

  click(new Button(form));

  expect(first.control.isSending).toBe(false);
});

test.each([
  ["sent", false, 1],
  ["kept by the page, which sends it in a way of its own", true, 0],
])("a form that is %s after the element has listened is so for the element", (_, isKept, times) => {
  const form = new FormDouble();
  const { sent } = uploadIn(form);
  form.addEventListener("submit", (event) => isKept && event.preventDefault());
  const submit = new Event("submit", { cancelable: true });

  form.dispatchEvent(submit);
  // As it bubbles: the window hears of it last.
  const bubbled = Object.defineProperties(new Event("submit"), {
    target: { value: form },
    defaultPrevented: { value: submit.defaultPrevented },
  });
  site.dispatchEvent(bubbled);

  expect(sent).toHaveBeenCalledTimes(times);
});

test("a form that another form's sending is heard beside has sent nothing", () => {
  const form = new FormDouble();
  const { sent } = uploadIn(form);

  form.dispatchEvent(new Event("submit"));
  site.dispatchEvent(Object.defineProperty(new Event("submit"), "target", { value: new FormDouble() }));

  expect(sent).not.toHaveBeenCalled();
});
