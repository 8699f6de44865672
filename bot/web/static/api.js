// Talking to Nightjar. Every failure is a Refusal whose message may be shown as it is.

export class Refusal extends Error {}

const AWAY = "Nightjar does not answer. Is it still running? Nothing is lost; start it and try again.";

/** The JSON answer to a GET, or to a POST when there is a body. */
export async function ask(path, body) {
  const request = body === undefined ? {} : {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  let response;
  try {
    response = await fetch(path, request);
  } catch {
    throw new Refusal(AWAY);
  }
  return answered(response.status, await response.text().catch(() => ""));
}

/** Sends a file and reports the share sent (0 to 1) on the way. */
export function upload(path, file, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${path}?filename=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener("error", () => reject(new Refusal(AWAY)));
    request.addEventListener("load", () => {
      try {
        resolve(answered(request.status, request.responseText));
      } catch (refusal) {
        reject(refusal);
      }
    });
    request.send(file);
  });
}

function answered(status, text) {
  let document = {};
  try {
    document = JSON.parse(text);
  } catch {
    throw new Refusal(AWAY);
  }
  if (status >= 400) throw new Refusal(document.error ?? `Nightjar refused (${status}).`);
  return document;
}
