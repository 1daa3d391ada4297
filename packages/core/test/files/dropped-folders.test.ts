/** Folders as browsers show them that list links: what loops ends, and what cannot be read loses only itself. */
import { describe, expect, test } from "vitest";
import type { LeftOutReason } from "../../src/files/left-out.js";
import { filesAt } from "../../src/files/walk.js";

type Tree = { readonly [name: string]: Tree | "file" | "unreadable" | "unlistable" };

/** An entry as a drop gives it. A folder may hold itself: then it is a link that loops. */
function entryOf(name: string, node: Tree[string]): FileSystemEntry {
  if (typeof node === "object" || node === "unlistable") {
    const createReader = () => {
      const batches = node === "unlistable" ? [] : Object.entries(node).map((child) => [entryOf(...child)]);
      return {
        readEntries(resolve: (some: FileSystemEntry[]) => void, reject: (error: Error) => void) {
          if (node === "unlistable") reject(new DOMException("", "NotReadableError"));
          else resolve(batches.shift() ?? []);
        },
      };
    };
    return { name, isFile: false, isDirectory: true, createReader } as unknown as FileSystemEntry;
  }
  const file = (resolve: (file: File) => void, reject: (error: Error) => void) =>
    node === "unreadable" ? reject(new DOMException("", "NotFoundError")) : resolve(new File(["bytes"], name));
  return { name, isFile: true, isDirectory: false, file } as unknown as FileSystemEntry;
}

async function walked(tree: Tree) {
  const leftOut: [path: string, reason: LeftOutReason][] = [];
  const entry = entryOf("top", tree);
  const files = await filesAt({ path: "top", name: "top", entry }, (...told) => leftOut.push(told));
  return { paths: files.map(({ path }) => path), leftOut };
}

describe("a dropped folder", () => {
  test("loses a file that is gone and a folder that cannot be listed, and nothing beside them", async () => {
    const tree: Tree = { a: { x: "file", gone: "unreadable" }, b: "unlistable", c: { y: "file" } };

    expect(await walked(tree)).toEqual({
      paths: ["top/a/x", "top/c/y"],
      leftOut: [
        ["top/a/gone", "unreadable-file"],
        ["top/b", "unreadable-folder"],
      ],
    });
  });

  test("with a link to itself, or to a folder above, is taken once", async () => {
    const direct: Record<string, Tree[string]> = { x: "file" };
    direct.loop = direct;
    const above: Record<string, Tree[string]> = { x: "file" };
    above.sub = { y: "file", up: above, other: { z: "file" } };

    expect(await walked(direct)).toEqual({ paths: ["top/x"], leftOut: [["top/loop", "loop"]] });
    expect(await walked(above)).toEqual({
      paths: ["top/sub/other/z", "top/sub/y", "top/x"],
      leftOut: [["top/sub/up", "loop"]],
    });
  });

  test("of links alone, two of them, ends", async () => {
    const tree: Record<string, Tree[string]> = {};
    tree.a = tree;
    tree.b = tree;

    const { paths, leftOut } = await walked(tree);

    expect(paths).toEqual([]);
    expect(leftOut).toEqual([
      ["top/a", "loop"],
      ["top/b", "loop"],
    ]);
  });

  test("that holds older copies of itself, one within the other, is taken whole", async () => {
    const copies = (depth: number): Tree => (depth === 0 ? { x: "file" } : { x: "file", old: copies(depth - 1) });

    const { paths, leftOut } = await walked(copies(6));

    expect(paths).toHaveLength(7);
    expect(leftOut).toEqual([]);
  });

  test("with a link that was followed shows the folder at both places", async () => {
    const shared: Tree = { x: "file" };

    expect(await walked({ a: shared, b: shared })).toEqual({ paths: ["top/a/x", "top/b/x"], leftOut: [] });
  });
});
