/** Starts the page: asks what there is, then shows the view that the address names. */

import { follow, go, link, state } from "./address.js";
import { connect } from "./api.js";
import { showLanguages } from "./crosslingual.js";
import { takeDroppedFiles } from "./dropped_files.js";
import { h, replace } from "./dom.js";
import { judgeBy, showJudge } from "./judge.js";
import { leaveMap, redrawMap, showMap } from "./map.js";
import { failure } from "./messages.js";
import { showNeighbours } from "./neighbours.js";
import { showPictures } from "./pictures.js";
import { prepareSearch, showQuery } from "./search_box.js";
import { prepareTheme } from "./theme.js";
import { preparePictures } from "./thumbnails.js";

const VIEWS = {
  neighbours: { title: "Neighbours", show: showNeighbours },
  pictures: { title: "Pictures", show: showPictures },
  map: { title: "Map", show: showMap },
  languages: { title: "Languages", show: showLanguages },
  judge: { title: "Judge", show: showJudge },
};

const main = document.getElementById("main");

function navigation(now) {
  const item = ([name, { title }]) => h("li", {}, h("a", { href: link({ view: name }), "aria-current": name === now.view ? "page" : null }, title));
  replace(document.getElementById("views"), Object.entries(VIEWS).map(item));
}

function show(now, info) {
  const name = now.view in VIEWS ? now.view : "neighbours";
  navigation({ ...now, view: name });
  showQuery(now);
  document.title = [now.q, VIEWS[name].title, "wordsight"].filter(Boolean).join(" · ");
  if (name !== "map") leaveMap();
  main.dataset.view = name;
  VIEWS[name].show(main, now, info);
}

function judge(file, info) {
  judgeBy(file);
  if (state().view === "judge") showJudge(main, state(), info);
  else go({ view: "judge" });
}

/** The skip link moves the focus alone: the address holds the state of the page. */
function skipToResults(event) {
  event.preventDefault();
  main.focus();
}

async function start() {
  document.getElementById("skip").addEventListener("click", skipToResults);
  prepareTheme(redrawMap);
  try {
    const info = await connect();
    preparePictures(info.pictures);
    prepareSearch(info.languages);
    takeDroppedFiles(main, info, (file) => judge(file, info));
    main.addEventListener("judge", (event) => judge(event.detail, info));
    follow((now) => show(now, info));
  } catch (error) {
    replace(main, failure(error));
  }
}

start();
