/** The fake uploader and the real one show an app the same: a story is told to both, and what the page has seen is compared. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Upload, UploadOptions, UploadResult } from "../../src/api/upload.js";
import { isAbortError, isUploadError } from "../../src/errors.js";
import { fakeStage, file, only, realStage, refusal, type Stage, stagesWithPending } from "./stages.js";

const key = "a/b.bin";

/** What happens next. What an app does it may do at any time; what the store does happens only to what is under way. */
const acts = [
  "pause",
  "resume",
  "cancel",
  "abort",
  "again",
  "nonsense",
  "refuse",
  "complete",
  "remove",
  "close",
] as const;
type Act = (typeof acts)[number];

/** One page, and everything that it has been told. */
class Told {
  readonly log: unknown[] = [];
  readonly #stage: Stage;
  readonly #file = file();
  readonly #abort = new AbortController();
  readonly #upload: Upload;
  #phases: string[] = [];
  #hasEnded = false;
  #finished: Promise<unknown>;

  constructor(stage: Stage, options: Partial<UploadOptions> = {}) {
    this.#stage = stage;
    this.#upload = stage.uploader.upload(this.#file, { key, signal: this.#abort.signal, ...options });
    this.#finished = this.#upload.finished;
    let last = this.#upload.state.phase;
    this.#upload.subscribe(({ phase }) => {
      if (phase !== last) this.#phases.push(phase);
      last = phase;
    });
  }

  async tell(story: readonly Act[]): Promise<readonly unknown[]> {
    await this.#stage.half(this.#upload);
    await this.#look("begun");
    for (const act of story) {
      const refused = await this.#act(act);
      // Two that send the same file are another story.
      if (this.#hasEnded) break;
      await this.#look(act, refused);
    }
    return this.log;
  }

  async #act(act: Act): Promise<string> {
    const { uploader } = this.#stage;
    const upload = this.#upload;
    const isUnderWay = upload.state.phase === "uploading";
    switch (act) {
      case "pause":
        return await refusal(this.#stage, () => upload.pause());
      case "cancel":
        return await refusal(this.#stage, () => upload.cancel());
      case "close":
        return await refusal(this.#stage, () => uploader.close());
      case "abort":
        this.#abort.abort();
        // What it stops is told when nothing runs any more; pause() waits for that.
        return await refusal(this.#stage, () => upload.pause());
      case "resume":
        return await refusal(this.#stage, () => this.#goesOn(() => upload.resume()));
      case "again":
        return await refusal(this.#stage, () =>
          this.#goesOn(() => this.#isSame(uploader.upload(this.#file, { key, appData: 2 }))),
        );
      case "nonsense":
        return await refusal(this.#stage, () => uploader.upload(file(), { key, priority: "urgent" as "high" }));
      case "refuse":
        if (isUnderWay) await this.#stage.refuse(upload, "forbidden");
        return "";
      case "complete":
        if (isUnderWay) await this.#stage.complete(upload);
        return "";
      case "remove":
        return await refusal(this.#stage, () => uploader.remove(upload));
    }
  }

  #isSame(upload: Upload): void {
    this.#hasEnded = upload !== this.#upload;
    this.log.push(this.#hasEnded ? "another upload" : "the same upload");
  }

  async #goesOn(act: () => unknown): Promise<void> {
    await act();
    if (this.#upload.state.phase === "queued") await this.#stage.half(this.#upload);
  }

  async #look(after: string, refused = ""): Promise<void> {
    const { uploader } = this.#stage;
    const { state, finished, options } = this.#upload;
    const isReplaced = finished !== this.#finished;
    this.#finished = finished;
    this.log.push({
      after,
      refused,
      phases: this.#phases,
      state: shown(state),
      isReplaced,
      promise: await outcome(finished),
      listed: uploader.uploads.includes(this.#upload),
      count: uploader.uploads.length,
      appData: options.appData,
      all: shownTotal(uploader.progress),
    });
    this.#phases = [];
  }
}

function shown(state: Upload["state"]) {
  const { phase, waiting, progress } = state;
  const { totalBytes, storedBytes, resumedBytes } = progress;
  return {
    ...{ phase, waiting, totalBytes, storedBytes, resumedBytes },
    resumable: "resumable" in state ? state.resumable : undefined,
    error: "error" in state ? state.error.code : undefined,
    isFull: progress.fraction === 1,
    result: "result" in state ? asFarAsItIsTheSame(state.result) : undefined,
  };
}

const shownTotal = ({ totalBytes, storedBytes, fraction }: Upload["state"]["progress"]) => ({
  ...{ totalBytes, storedBytes },
  isFull: fraction === 1,
});

/** Bucket, digests and the count of bytes are those of another world. */
function asFarAsItIsTheSame(result: UploadResult) {
  const { key: name, size, verified, callback, alreadyStored, resumedBytes } = result;
  return { fields: Object.keys(result).sort(), name, size, verified, callback, alreadyStored, resumedBytes };
}

async function outcome(promise: Promise<object>): Promise<string> {
  const pending = new Promise<string>((resolve) => setImmediate(resolve, "pending"));
  const settled = promise.then(
    (result) => `resolved: ${Object.keys(result).sort().join()}`,
    (error: unknown) => (isAbortError(error) ? String(error) : isUploadError(error) ? error.code : "something else"),
  );
  return await Promise.race([settled, pending]);
}

async function both(story: readonly Act[]): Promise<readonly [readonly unknown[], readonly unknown[]]> {
  return [await new Told(realStage()).tell(story), await new Told(fakeStage()).tell(story)];
}

describe("the fake uploader shows what the real one shows", () => {
  test.each<[string, readonly Act[]]>([
    ["when it completes", ["complete", "resume", "pause", "cancel", "again"]],
    ["when it is paused, and goes on", ["pause", "pause", "resume", "complete"]],
    ["when the store refuses it, and it is tried again", ["refuse", "pause", "resume", "complete"]],
    ["when it is cancelled", ["cancel", "resume", "cancel", "again"]],
    ["when it is cancelled while it is paused", ["pause", "cancel"]],
    ["when it is cancelled after it failed", ["refuse", "cancel"]],
    ["when a signal stops it, and it goes on", ["abort", "pause", "resume", "complete"]],
    ["when a signal stops what is paused", ["pause", "abort", "resume", "complete"]],
    ["when it is given to upload() again", ["again", "pause", "again", "complete"]],
    ["when it is given to upload() again after it failed", ["refuse", "again"]],
    ["when it is taken from the list", ["remove", "refuse", "remove", "remove", "resume", "complete", "remove"]],
    ["when options can never work", ["nonsense", "complete"]],
    ["when the uploader is closed", ["close", "resume", "again", "pause", "cancel"]],
    ["when the uploader is closed after it completed", ["complete", "close", "remove"]],
  ])("%s", async (_, story) => {
    const [real, fake] = await both(story);

    expect(fake).toEqual(real);
  });

  test("whatever an app and the store do, in any order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...acts), { maxLength: 8 }), async (story) => {
        const [real, fake] = await both(story);
        expect(fake).toEqual(real);
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});

describe("what an earlier page has left is offered and refused as the real one does it", () => {
  const seen = async (stage: Stage) => {
    const { needs, needsCallback, active, paused, appData, storedBytes, file: info, key: named } = await only(stage);
    return { needs, needsCallback, active, paused, appData, storedBytes, info, named };
  };

  test("with its file it goes on where it stood, and is pending no more", async () => {
    const log = [];
    for (const stage of await stagesWithPending({ appData: { album: 7 } }, key)) {
      const entry = await only(stage);
      const before = await seen(stage);
      const without = await refusal(stage, () => entry.resume());
      const other = await refusal(stage, () => entry.resume(new File(["x"], "other.bin")));
      const upload = await stage.settled(entry.resume(file()));
      const goesOn = upload.state.progress.fraction >= entry.fraction;
      const after = await stage.settled(stage.uploader.pending());
      await stage.half(upload);
      const half = shown(upload.state);
      await stage.complete(upload);
      const left = await stage.settled(stage.uploader.pending());
      log.push({
        before,
        without,
        other,
        goesOn,
        after,
        half,
        left,
        appData: upload.appData,
        done: shown(upload.state),
      });
    }

    expect(log[1]).toEqual(log[0]);
    expect(log[0]).toMatchObject({ before: { needs: "file", storedBytes: 40 }, done: { resumedBytes: 40 } });
  });

  test("one that was begun with a callback asks for it", async () => {
    const log = [];
    const callback = { url: "https://app.example/stored", body: "a=b" };
    for (const stage of await stagesWithPending({ callback }, key)) {
      const entry = await only(stage);
      const without = await refusal(stage, () => entry.resume(file()));
      const upload = await stage.settled(entry.resume(file(), { callback }));
      log.push({ needsCallback: entry.needsCallback, without, options: upload.options });
      await stage.settled(upload.pause());
    }

    expect(log[1]).toEqual(log[0]);
    expect(log[0]?.needsCallback).toBe(true);
  });

  test("a discarded one is pending no more, and what was cancelled neither", async () => {
    const log = [];
    for (const end of ["discard", "cancel"] as const) {
      for (const stage of await stagesWithPending({}, key)) {
        const entry = await only(stage);
        if (end === "discard") await stage.settled(entry.discard());
        else await stage.settled((await stage.settled(entry.resume(file()))).cancel());
        log.push(await stage.settled(stage.uploader.pending()));
      }
    }

    expect(log).toEqual([[], [], [], []]);
  });

  test("resumeAll() leaves to the user what needs the user", async () => {
    const log = [];
    for (const stage of await stagesWithPending({}, key)) {
      const rest = await stage.settled(stage.uploader.resumeAll());
      log.push({ rest: rest.map((entry) => entry.key), uploads: stage.uploader.uploads.length });
    }

    expect(log).toEqual([
      { rest: [key], uploads: 0 },
      { rest: [key], uploads: 0 },
    ]);
  });
});
