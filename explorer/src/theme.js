/** Light or dark: as the system says, or as was chosen here. */

const KEY = "wordsight-theme";
const button = document.getElementById("theme");
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

/** Readies the button; `redraw` is called whenever the colours change. */
export function prepareTheme(redraw) {
  const apply = () => {
    root.dataset.theme = localStorage.getItem(KEY) ?? (dark.matches ? "dark" : "light");
    button.setAttribute("aria-label", root.dataset.theme === "dark" ? "Light colours" : "Dark colours");
    redraw();
  };
  button.addEventListener("click", () => {
    localStorage.setItem(KEY, root.dataset.theme === "dark" ? "light" : "dark");
    apply();
  });
  dark.addEventListener("change", apply);
  apply();
}
