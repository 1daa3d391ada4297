/** One refusal of a signature whose key and time are right is no reason to give up; one for ever is, at once. */
import { expect, test } from "./fixtures.js";
import { film, key, options } from "./support/hidden-refusals.js";
import { pickAndOpen } from "./support/interrupting.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { holdAfter, tell } from "./support/steering.js";
import { finished, partsStored, resultOf, startUpload } from "./support/uploading.js";

test.beforeEach(async ({ page, pageServer }) => {
  await page.goto(pageServer.page());
});

const accidents = {
  SignatureDoesNotMatch: ["InitiateMultipartUpload", "UploadPart", "ListParts", "CompleteMultipartUpload"],
  RequestTimeTooSkewed: ["UploadPart"],
} as const;

for (const [code, befallen] of Object.entries(accidents)) {
  for (const action of befallen) {
    test(`one ${code} to ${action}, with a key that is good and the right time, is an accident`, async ({
      page,
      emulator,
      directory,
    }) => {
      await pickAndOpen(page, emulator, await film(directory), options);
      const fault = emulator.faults.add({ on: action, fault: { kind: "error", status: 403, code } });
      if (action === "ListParts") {
        const held = holdAfter(emulator, 2);
        await startUpload(page, { key });
        await Promise.all([held.waitForHit(), partsStored(page, 2)]);
        const paused = tell(page, "pause");
        await paused;
        held.remove();
        await tell(page, "resume");
      } else await startUpload(page, { key });

      const result = await resultOf(page);

      expect(fault.hits).toBe(1);
      expect(result).toMatchObject({ verified: "crc64", alreadyStored: false });
      expect(await leftBehind(page, emulator)).toEqual(nothing);
    });
  }

  test(`${code} for ever, with a fixed key, ends at once`, async ({ page, emulator, directory }) => {
    await pickAndOpen(page, emulator, await film(directory), options);
    emulator.faults.add({ on: "any", signed: true, times: "always", fault: { kind: "error", status: 403, code } });

    const outcome = await finished(page, await startUpload(page, { key }));

    expect(outcome).toMatchObject({ error: { code: "credentials", serverCode: code, temporary: false } });
    expect(emulator.requests.filter(({ isSigned }) => isSigned)).toHaveLength(2);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}
