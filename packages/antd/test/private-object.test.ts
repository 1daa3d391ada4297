import type { UploadResult } from "@ossicle/core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openObject } from "../src/open-object.js";

const result = { key: "pictures/cat.png" } as UploadResult;
const signed = "https://user-files.example.com/pictures/cat.png?signature=1";
/** What the page did, in order. */
let done: string[];
let reported: unknown[];
beforeEach(() => {
  done = [];
  reported = [];
  vi.stubGlobal("reportError", (cause: unknown) => reported.push(cause));
});
afterEach(() => vi.unstubAllGlobals());

const tab = {
  opener: "the app",
  location: { replace: (url: string) => done.push(`goes to ${url}`) },
  close: () => done.push("closed"),
};

/** @param opened what the browser gives for a new tab; null where it opens none for us to lead */
function browser(opened: typeof tab | null): void {
  vi.stubGlobal("window", {
    open: (url: string, _target: string, features = "") => {
      done.push(`opened ${url} ${features}`.trim());
      return opened;
    },
  });
}

test("the tab is opened inside the click, before the server is asked, and led to the URL that it has signed", async () => {
  browser({ ...tab });
  await openObject(result, async ({ key }) => {
    done.push(`asked for ${key}`);
    return signed;
  });

  expect(done).toEqual(["opened", "asked for pictures/cat.png", `goes to ${signed}`]);
});

test("what is opened knows nothing of the app's page", async () => {
  const opened = { ...tab };
  browser(opened);
  await openObject(result, () => signed);

  expect(opened.opener).toBeNull();
});

test("a server that signs nothing leaves no empty tab, and no promise that nobody handles", async () => {
  const cause = new Error("500");
  browser({ ...tab });

  await expect(openObject(result, () => Promise.reject(cause))).resolves.toBeUndefined();

  expect(done).toEqual(["opened", "closed"]);
  expect(reported).toEqual([cause]);
});

test("where the browser hands over no tab the URL is opened as soon as it is known", async () => {
  browser(null);
  await openObject(result, async () => signed);

  expect(done).toEqual(["opened", `opened ${signed} noopener`]);
});
