import { expect, test } from "vitest";
import { HeldPageLife } from "../../test/doubles/held-page-life.js";
import { ManualClock } from "../../test/doubles/manual-clock.js";
import { MemoryKeeper } from "../../test/doubles/memory-keeper.js";
import { FilesLeft } from "./files-left.js";

const pageWith = (life: HeldPageLife) => ({
  life,
  watchBeforeLeaving: (leaving: () => void) => life.watchBefore(leaving),
});

test("a keeper is looked for until there is one, each time after four times as long", async () => {
  const [clock, keepers] = [new ManualClock(), new MemoryKeeper()];
  keepers.isSilent = true;
  const files = new FilesLeft({ keeper: keepers.for(""), ...pageWith(new HeldPageLife()), clock });
  const looksAt: number[] = [];
  const second = () => {
    const before = keepers.heard.length;
    files.look();
    if (keepers.heard.length > before) looksAt.push(clock.elapsed());
    clock.advance(1_000);
  };

  for (let seconds = 0; seconds < 100; seconds += 1) second();
  keepers.isSilent = false;
  for (let seconds = 0; seconds < 1_000; seconds += 1) second();

  expect(looksAt).toEqual([0, 10_000, 50_000, 210_000]);
});

test("an uploader that is closed does not hear when its page is left", async () => {
  const [life, keepers] = [new HeldPageLife(), new MemoryKeeper()];
  const keeper = keepers.for("");
  await keeper.look();
  keeper.keep([{ id: "a", file: new Blob() }]);
  const files = new FilesLeft({ keeper, ...pageWith(life), clock: new ManualClock() });
  await files.kept(["a"]);
  const open = life.watched;
  await files.close(false);

  expect([open, life.watched]).toEqual([true, false]);
});
