import { describe, expect, test } from "vitest";
import { UploadError, type UploadErrorCode } from "../../errors.js";
import { Forms, largestForm } from "./forms.js";
import { postObjectRequest } from "./oss-requests.js";

const small = postObjectRequest({ key: "a" }, new Blob(["bytes"]));
const post = async () => "by form";
const put = async () => "by put";
const failing = (code: UploadErrorCode, status?: number) => () =>
  Promise.reject(new UploadError(code, "no", { status }));

/** Forms of which the first was taken. */
async function taken(): Promise<Forms> {
  const forms = new Forms(true);
  await forms.send(post, put);
  return forms;
}

describe("a small object", () => {
  test("goes by form", async () => {
    const forms = new Forms(true);

    expect(forms.mayTake(small)).toBe(true);
    expect(await forms.send(post, put)).toBe("by form");
    expect(forms.mayTake(small)).toBe(true);
  });

  test("goes by PUT if the app wants it so", () => {
    expect(new Forms(false).mayTake(small)).toBe(false);
  });

  test("goes by PUT if it is empty or not small, or a form cannot say what it is to be", () => {
    const forms = new Forms(true);
    const ofSize = (size: number) => postObjectRequest({ key: "a" }, new Blob([new Uint8Array(size)]));

    expect(forms.mayTake(ofSize(0))).toBe(false);
    expect(forms.mayTake(ofSize(largestForm - 1))).toBe(true);
    expect(forms.mayTake(ofSize(largestForm))).toBe(false);
    expect(forms.mayTake(postObjectRequest({ key: "a", ifExists: "forbid" }, new Blob(["bytes"])))).toBe(false);
  });

  test("goes by PUT while nobody knows whether the store takes the first form", async () => {
    const forms = new Forms(true);
    let answer = (_: string) => {};
    const first = forms.send(() => new Promise<string>((resolve) => (answer = resolve)), put);

    expect(forms.mayTake(small)).toBe(false);
    answer("by form");
    await first;
    expect(forms.mayTake(small)).toBe(true);
  });
});

/** What becomes of an object whose form failed, and of forms from then on. */
const fates: Readonly<Record<UploadErrorCode, { readonly first: Fate; readonly later: Fate }>> = {
  network: { first: "by put, no more forms", later: "fails" },
  server: { first: "by put", later: "fails" },
  corrupted: { first: "by put", later: "fails" },
  credentials: { first: "by put", later: "fails" },
  forbidden: { first: "by put, no more forms", later: "by put, no more forms" },
  rejected: { first: "by put, no more forms", later: "by put, no more forms" },
  misconfigured: { first: "by put, no more forms", later: "by put, no more forms" },
  "invalid-option": { first: "by put, no more forms", later: "by put, no more forms" },
  stalled: { first: "fails, no more forms", later: "fails, no more forms" },
  "not-found": { first: "fails", later: "fails" },
  "already-exists": { first: "fails", later: "fails" },
  "callback-failed": { first: "fails", later: "fails" },
  throttled: { first: "fails", later: "fails" },
  worker: { first: "fails", later: "fails" },
  "file-unreadable": { first: "fails", later: "fails" },
  "file-changed": { first: "fails", later: "fails" },
  "upload-gone": { first: "fails", later: "fails" },
  locked: { first: "fails", later: "fails" },
};
type Fate = "by put, no more forms" | "by put" | "fails, no more forms" | "fails";

describe.each(Object.entries(fates))("a form that fails as %s", (code, { first, later }) => {
  const fateIn = async (forms: Forms) => {
    const became = await forms.send(failing(code as UploadErrorCode), put).catch(({ code }: UploadError) => code);
    expect(became).toBe(/by put/.test(became) ? "by put" : code);
    return `${became === "by put" ? became : "fails"}${forms.mayTake(small) ? "" : ", no more forms"}`;
  };

  test(`at first: ${first}`, async () => {
    expect(await fateIn(new Forms(true))).toBe(first);
  });

  test(`after others were taken: ${later}`, async () => {
    expect(await fateIn(await taken())).toBe(later);
  });
});

test.each(["server", "corrupted", "credentials"] as const)(
  "%s again and again, although each object goes by PUT, is no accident: forms end",
  async (code) => {
    const forms = new Forms(true);
    let sent = 0;
    for (; forms.mayTake(small) && sent < 10; sent += 1) await forms.send(failing(code), put);

    expect(sent).toBe(3);
  },
);

test.each(["forbidden", "rejected"] as const)(
  "%s says nothing about forms where the PUT of that object is refused too: it is about this object",
  async (code) => {
    for (const forms of [new Forms(true), await taken()]) {
      await expect(forms.send(failing(code, 403), failing("forbidden", 403))).rejects.toMatchObject({ status: 403 });
      expect(forms.mayTake(small)).toBe(true);
    }
  },
);

test("a portal that answers everything says nothing about forms", async () => {
  const forms = new Forms(true);

  await expect(forms.send(failing("network"), failing("server", 200))).rejects.toMatchObject({ code: "server" });

  expect(forms.mayTake(small)).toBe(true);
});

test("an object with a callback is not the trial form, which may be stored and go again by PUT", async () => {
  const callback = { url: "https://app.example/done", body: "key=1" };
  const withCallback = postObjectRequest({ key: "a", callback }, new Blob(["bytes"]));

  expect(new Forms(true).mayTake(withCallback)).toBe(false);
  expect((await taken()).mayTake(withCallback)).toBe(true);
});

test("a dead network, in which the PUT fails too, says nothing about forms", async () => {
  const forms = new Forms(true);

  await expect(forms.send(failing("network"), failing("network"))).rejects.toMatchObject({ code: "network" });

  expect(forms.mayTake(small)).toBe(true);
});

test("a PUT that the store refuses after a lost form shows that the network is there", async () => {
  const forms = new Forms(true);

  await expect(forms.send(failing("network"), failing("forbidden", 403))).rejects.toMatchObject({ code: "forbidden" });

  expect(forms.mayTake(small)).toBe(false);
});

test("a first form that was cut off by its page is tried again with the next file", async () => {
  const forms = new Forms(true);
  const aborted = new DOMException("paused", "AbortError");

  await expect(forms.send(() => Promise.reject(aborted), put)).rejects.toBe(aborted);

  expect(forms.mayTake(small)).toBe(true);
});
