/** Files dropped on the page: a picture is looked up, a table of rated pairs is judged. */

import { chosen, go, state } from "./address.js";
import { post } from "./api.js";
import { h } from "./dom.js";
import { ApiError } from "./http.js";
import { settle } from "./messages.js";
import { pictureDetails } from "./pictures.js";

const LIMIT = 20 * 2 ** 20;

/** Lets files be dropped anywhere; `judge` takes those that are no pictures. */
export function takeDroppedFiles(element, info, judge) {
  const sheet = document.getElementById("drop");
  let depth = 0;
  const holdsFiles = (event) => [...event.dataTransfer.types].includes("Files");
  const enter = (step) => (event) => {
    if (!holdsFiles(event)) return;
    depth += step;
    sheet.hidden = depth <= 0;
  };
  addEventListener("dragenter", enter(1));
  addEventListener("dragleave", enter(-1));
  addEventListener("dragover", (event) => holdsFiles(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    depth = 0;
    sheet.hidden = true;
    const [file] = event.dataTransfer.files;
    if (!file) return;
    event.preventDefault();
    if (file.type.startsWith("image/") && info.pictures?.can_upload) showDropped(element, file, info);
    else judge(file);
  });
  const chooser = document.getElementById("picture-file");
  document.getElementById("picture-button").hidden = !info.pictures?.can_upload;
  document.getElementById("picture-button").addEventListener("click", () => chooser.click());
  chooser.addEventListener("change", () => {
    if (chooser.files.length) showDropped(element, chooser.files[0], info);
    chooser.value = "";
  });
}

function showDropped(element, file, info) {
  go({ view: "pictures", q: "", row: "" });
  const source = URL.createObjectURL(file);
  const preview = h("img", { class: "thumb", src: source, alt: `your picture, ${file.name}`, on: { load: () => URL.revokeObjectURL(source) } });
  const [model] = chosen(state(), info.models);
  return settle(element, upload(file, model), (found) => pictureDetails({ ...found, picture: { label: file.name } }, preview));
}

async function upload(file, model) {
  if (file.size > LIMIT) throw new ApiError(`${file.name} has ${(file.size / 2 ** 20).toFixed(0)} MB; a picture may have 20 MB. Make it smaller first.`);
  return post("api/upload", { model }, file);
}
