/** Saves what is seen as a file. */

import { h } from "./dom.js";

/** Offers content as a file to save. */
export function download(name, content, type) {
  const source = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  h("a", { href: source, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(source), 10_000);
}

/** Rows as CSV (RFC 4180), columns in the order of `columns`. */
export function csv(columns, rows) {
  const field = (value) => {
    const text = value === null || value === undefined ? "" : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...rows.map((row) => columns.map((name) => row[name]))].map((row) => row.map(field).join(",")).join("\r\n") + "\r\n";
}

/** A button that saves rows as CSV; the rows are made when it is pressed. */
export function csvButton(name, columns, rows) {
  const save = () => download(`${name.replace(/[\s/\\:]+/g, "-")}.csv`, csv(columns, rows()), "text/csv;charset=utf-8");
  return h("button", { type: "button", class: "quiet", on: { click: save } }, "Save as CSV");
}
