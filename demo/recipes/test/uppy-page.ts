/** A page around the recipe: Uppy without its dashboard, fed by an input and drawn as text. */
import { uppy } from "../uppy/app.js";

const input = document.querySelector("input") as HTMLInputElement;
const list = document.createElement("ul");

input.onchange = () => {
  const files = [...(input.files ?? [])];
  uppy.addFiles(files.map((file) => ({ name: file.name, type: file.type, data: file })));
};

function button(label: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.textContent = label;
  made.onclick = act;
  return made;
}

uppy.on("state-update", () => {
  list.replaceChildren(
    ...uppy.getFiles().map(({ id, name, isPaused, error, progress, uploadURL }) => {
      const row = document.createElement("li");
      const told = error ?? (isPaused ? "paused" : progress.uploadComplete ? uploadURL : `${progress.percentage} %`);
      const verbs = {
        Pause: () => uppy.pauseResume(id),
        Retry: () => uppy.retryUpload(id),
        Remove: () => uppy.removeFile(id),
      };
      row.append(`${name}: ${told}`, ...Object.entries(verbs).map(([label, act]) => button(label, act)));
      return row;
    }),
  );
});

// There once the page listens: the recipe asks first what earlier pages left.
document.body.append(list);
