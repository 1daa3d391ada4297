/** What every app of the matrix does, as its author would write it: the file of the input goes up, and the page says what became of it. */
import { createUploader, ossStore } from "@ossicle/core";

export function start() {
  const { key, ...store } = JSON.parse(decodeURIComponent(location.hash.slice(1)));
  const uploader = createUploader({ store: ossStore(store), partSize: 102_400 });
  const input = document.querySelector("input");
  const output = document.querySelector("output");

  input.addEventListener("change", async () => {
    try {
      const { size, verified } = await uploader.upload(input.files[0], { key }).finished;
      output.textContent = JSON.stringify({ size, verified });
    } catch (error) {
      output.textContent = JSON.stringify({ name: error.name, message: error.message, ...error });
    }
  });
  // The input is ready for a file when this is here.
  output.dataset.ready = "";
}
