/** `<ossicle-upload>` as React and Vue use it: properties, events, and an element that leaves and comes back. */
import { rowOf } from "./support/demo-page.js";
import { createFile } from "./support/files.js";
import { expect, holdPartsAfter, test } from "./support/kits.js";
import { bucket } from "./support/uploading.js";

for (const framework of ["react", "vue"] as const) {
  test(`in ${framework} it takes its uploader, tells what is stored, and shows uploads that went on without it`, async ({
    page,
    emulator,
    directory,
    openKit,
  }) => {
    const path = await createFile(`${directory}/film.bin`, { size: 4 * 2 ** 20, seed: 1 });
    const held = holdPartsAfter(emulator, 1);
    await openKit({ entry: `demo/recipes/test/elements-in-${framework}.ts` });

    await page.getByTestId("files").setInputFiles(path);
    await expect(rowOf(page, "film.bin")).toHaveAttribute("data-phase", "uploading");
    await page.getByRole("button", { name: "Show or hide" }).click();
    await expect(page.getByTestId("files")).toHaveCount(0);
    await page.getByRole("button", { name: "Show or hide" }).click();
    await expect(rowOf(page, "film.bin")).toHaveAttribute("data-phase", "uploading");
    held.remove();

    await expect(rowOf(page, "film.bin")).toHaveAttribute("data-phase", "completed");
    await expect(page.locator("output")).toHaveText(`${framework}/film.bin`);
    expect(emulator.object(bucket, `${framework}/film.bin`)?.size).toBe(4 * 2 ** 20);
  });
}
