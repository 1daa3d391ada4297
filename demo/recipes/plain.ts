import { createUploader, ossStore, pickFiles, signAt, type Upload } from "@ossicle/core";

const uploader = createUploader({
  store: ossStore({ region: "cn-hangzhou", bucket: "user-files", signer: signAt("/api/sign") }),
});

const button = document.body.appendChild(document.createElement("button"));
button.textContent = "Choose files";
button.onclick = async () => {
  for (const picked of await pickFiles({ multiple: true })) {
    follow(uploader.upload(picked, { key: `uploads/${picked.path}` })); // a file that is picked again goes on
  }
};
for (const left of await uploader.pending()) {
  if (left.needs === "nothing") follow(await left.resume()); // begun before a reload or crash
}

function follow(upload: Upload): void {
  const line = document.body.appendChild(document.createElement("p"));
  upload.subscribe(({ phase, progress }) => {
    line.textContent = `${upload.key}: ${phase}, ${Math.floor(progress.fraction * 100)} %`;
  });
  upload.finished.then(
    ({ crc64, verified }) => line.append(` and verified: ${verified} ${crc64}`),
    (error: Error) => line.append(`: ${error.message}`),
  );
}
