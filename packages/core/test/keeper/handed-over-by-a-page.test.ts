import { expect, test } from "vitest";
import type { Keeper } from "../../src/keeper/keeper.js";
import { FilesLeft } from "../../src/run/files-left.js";
import { HeldPageLife } from "../doubles/held-page-life.js";
import { ManualClock } from "../doubles/manual-clock.js";
import { ChannelTable } from "../doubles/memory-channels.js";
import { MemoryKeeper } from "../doubles/memory-keeper.js";

function filesOf(keeper: Keeper, { clock = new ManualClock(), life = new HeldPageLife() } = {}): FilesLeft {
  const watchBeforeLeaving = (leaving: () => void) => life.watchBefore(leaving);
  const leftMark = { set: () => undefined, isFresh: () => false };
  const tools = { keeper, clock, life, watchBeforeLeaving, leftMark, channels: new ChannelTable() };
  return new FilesLeft(tools, { store: { location: "store", moment: () => () => 0 }, scope: "" }, () => undefined);
}

test("a keeper is looked for until there is one, each time after four times as long", () => {
  const [clock, keepers] = [new ManualClock(), new MemoryKeeper()];
  keepers.isSilent = true;
  const files = filesOf(keepers.for(""), { clock });
  const looksAt: number[] = [];
  const second = () => {
    const before = keepers.heard.length;
    files.look(false);
    if (keepers.heard.length > before) looksAt.push(clock.elapsed());
    clock.advance(1_000);
  };

  files.look(true);
  const first = keepers.heard.length;
  for (let seconds = 0; seconds < 100; seconds += 1) second();
  keepers.isSilent = false;
  for (let seconds = 0; seconds < 1_000; seconds += 1) second();

  expect([first, looksAt]).toEqual([1, [10_000, 50_000, 210_000]]);
});

test("an uploader that is closed does not hear when its page is left", async () => {
  const [life, keepers] = [new HeldPageLife(), new MemoryKeeper()];
  const keeper = keepers.for("");
  await keeper.look();
  keeper.keep([{ id: "a", file: new Blob() }]);
  const files = filesOf(keeper, { life });
  await files.kept(["a"]);
  const open = life.watched;
  await files.close(false);

  expect([open, life.watched]).toEqual([true, false]);
});
