/** An uploader plugin for Uppy. Make `new Uppy()` once, outside of components: `uppy.destroy()` removes, and so cancels, every file. */
import { isAbortError, type Upload, type Uploader } from "@ossicle/core";
import { BasePlugin, type Body, EventManager, type Meta, type PluginOpts, type Uppy, type UppyFile } from "@uppy/core";

interface Options<M extends Meta, B extends Body> extends PluginOpts {
  readonly uploader: Uploader;
  /** Uploads that go on already, by the file that Uppy is given for them. */
  readonly begun: WeakMap<Blob, Upload>;
  /** The same file goes on after a reload if it gets the same key. */
  readonly keyOf: (file: UppyFile<M, B>) => string;
}

export class OssicleUpload<M extends Meta, B extends Body> extends BasePlugin<Options<M, B>, M, B> {
  constructor(uppy: Uppy<M, B>, options: Options<M, B>) {
    super(uppy, options);
    this.id = "OssicleUpload";
    this.type = "uploader";
  }

  override install(): void {
    const { capabilities } = this.uppy.getState();
    this.uppy.setState({ capabilities: { ...capabilities, resumableUploads: true } }); // shows "Pause"
    this.uppy.addUploader(this.#sendAll);
  }

  override uninstall(): void {
    this.uppy.removeUploader(this.#sendAll);
  }

  readonly #sendAll = async (ids: string[]): Promise<void> => {
    const files = this.uppy.getFilesByIds(ids);
    this.uppy.emit("upload-start", files);
    await Promise.all(files.map((file) => this.#send(file)));
  };

  async #send({ id }: UppyFile<M, B>): Promise<void> {
    const { uppy, opts } = this;
    const file = uppy.getFile(id);
    if (!(file.data instanceof Blob))
      return uppy.emit("upload-error", file, new Error("The file is not on this device"));
    const { uploader, begun, keyOf } = opts;
    const upload = begun.get(file.data) ?? uploader.upload(file.data, { key: keyOf(file), contentType: file.type });
    begun.set(file.data, upload);
    upload.resume(); // where Uppy tries again
    const { size } = file.data;
    const events = new EventManager(uppy);
    events.onFileRemove(id, () => upload.cancel());
    events.onFilePause(id, (isPaused) => (isPaused ? upload.pause() : upload.resume()));
    events.onPauseAll(id, () => upload.pause());
    events.onResumeAll(id, () => upload.resume());
    const uploadStarted = Date.now();
    const leave = upload.subscribe(({ progress: { fraction } }) => {
      const bytesUploaded = Math.floor(fraction * size);
      uppy.emit("upload-progress", uppy.getFile(id), { uploadStarted, bytesUploaded, bytesTotal: size });
    });
    try {
      const { url } = await upload.finished;
      uppy.emit("upload-success", uppy.getFile(id), { status: 200, uploadURL: url });
    } catch (error) {
      if (!isAbortError(error)) uppy.emit("upload-error", uppy.getFile(id), error as Error); // "Retry" goes on from it
    } finally {
      leave();
      events.remove();
    }
  }
}
