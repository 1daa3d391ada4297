/** What a user drops arrives whole: every name that the disk allows, links followed, and a word about what could not be taken. */
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.js";
import { dropOn } from "./support/dropping.js";

/** Names that Chromium's directory handles do not show, each for a reason of its own. */
const hidden = [
  "What now?.mp4",
  "a|b.txt",
  "a:b.txt",
  "a*b",
  'a"b',
  "a<b>",
  "a\\b",
  "~$report.docx",
  "desktop.ini",
  "Thumbs.db",
  "x.lnk",
  "x.url",
  "trail.",
  "trail ",
  " lead",
  "con",
  "CON.txt",
  "line\nbreak",
];
const shown = ["plain.txt", ".hidden", "文件.txt", "a%20b.txt", "sub/ok.txt"];

interface Taken {
  readonly files: readonly { readonly path: string; readonly text: string; readonly handle: boolean }[];
  readonly leftOut: readonly (readonly [path: string, reason: string])[];
}

/** @returns what `filesFromDrop` gives for these paths of this machine */
async function dropped(page: Page, paths: readonly string[]): Promise<Taken> {
  const taken = page.evaluate(async () => {
    const { filesFromDrop } = await import("@ossicle/core");
    document.addEventListener("dragover", (event) => event.preventDefault());
    const listening = new Promise<Taken>((resolve, reject) => {
      const take = async (event: DragEvent): Promise<Taken> => {
        event.preventDefault();
        const leftOut: [string, string][] = [];
        // As React's synthetic events are: not an Event, but with what it had.
        const wrapped = { dataTransfer: event.dataTransfer };
        const picked = await filesFromDrop(wrapped, { onLeftOut: (path, reason) => leftOut.push([path, reason]) });
        const read = picked.map(async ({ path, file, handle }) => {
          return { path, text: await file.text(), handle: handle !== undefined };
        });
        return { files: await Promise.all(read), leftOut };
      };
      document.addEventListener("drop", (event) => take(event).then(resolve, reject), { once: true });
    });
    document.title = "listening";
    return await listening;
  });
  await page.waitForFunction(() => document.title === "listening");
  await dropOn(page, paths);
  return await taken;
}

async function fill(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), `bytes of ${name}`);
  }
}

test("a dropped folder gives every file, those without a handle too that Chromium's handles leave out", async ({
  page,
  pageServer,
  directory,
}) => {
  const folder = join(directory, "folder");
  const inside = [...hidden, ...hidden.map((name) => `what?/${name}`), ...shown];
  await fill(folder, inside);
  await page.goto(pageServer.page());

  const { files, leftOut } = await dropped(page, [folder]);

  const expected = inside.map((name) => ({
    path: `folder/${name}`,
    text: `bytes of ${name}`,
    handle: shown.includes(name),
  }));
  expect([...files].sort(byPath)).toEqual(expected.sort(byPath));
  expect(leftOut).toEqual([]);
});

test("a dropped link is what it leads to, a folder that links to itself ends, and what is gone is told", async ({
  page,
  pageServer,
  directory,
}) => {
  await fill(join(directory, "folder"), ["a.txt", "What now?.mp4"]);
  await fill(directory, ["b.txt"]);
  await symlink(join(directory, "folder"), join(directory, "to-folder"));
  await symlink(join(directory, "b.txt"), join(directory, "to-b.txt"));
  await symlink(join(directory, "nowhere"), join(directory, "to-nothing"));
  await symlink(join(directory, "folder"), join(directory, "folder", "loop"));
  await page.goto(pageServer.page());

  const paths = ["to-folder", "to-nothing", "gone.txt", "to-b.txt"].map((name) => join(directory, name));
  const { files, leftOut } = await dropped(page, paths);

  expect(files.map(({ path, text }) => [path, text])).toEqual([
    ["to-folder/What now?.mp4", "bytes of What now?.mp4"],
    ["to-folder/a.txt", "bytes of a.txt"],
    ["to-b.txt", "bytes of b.txt"],
  ]);
  expect([...leftOut].sort()).toEqual([
    ["gone.txt", "unreadable-file"],
    ["to-nothing", "unreadable-file"],
  ]);
});

const accepts = [
  ".mp4,image/*",
  "*",
  "*/*",
  "mp4",
  ".tar.gz",
  ".c++",
  ".文件",
  ".an-extension-that-is-long",
  "text/plain;charset=utf-8",
  "image/*, .JPG ,,",
  "video",
  ".",
  "..",
  ".mp4 .mov",
  "*/mp4",
  "image /png",
  ".a.",
];

test("the file picker takes whatever an input's accept takes", async ({ page, pageServer }) => {
  await page.goto(pageServer.page());

  // The picker looks at the types first, and opens none without a click for each.
  const refused = await page.evaluate(async (accepts) => {
    const { pickFiles } = await import("@ossicle/core");
    const refused: string[] = [];
    for (const accept of accepts) {
      await pickFiles({ accept }).catch((error: Error) => {
        if (error instanceof TypeError) refused.push(`${accept}: ${error.message}`);
      });
    }
    return refused;
  }, accepts);

  expect(refused).toEqual([]);
});

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : 1;
}
