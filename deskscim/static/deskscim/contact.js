// Values edited in place: the focus goes into the editor and back to where it came from; Escape cancels, Enter saves.
"use strict";

document.addEventListener("htmx:load", ({ target }) => {
  if (!target.matches("[data-field]")) return;
  const control = target.querySelector("[data-editor] :is(input:not([type=hidden]), select, textarea)");
  (control ?? target.querySelector("[data-edit]"))?.focus();
});

document.addEventListener("keydown", (event) => {
  const editor = event.target.closest("[data-editor]");
  if (!editor || event.isComposing || event.defaultPrevented) return;
  if (event.key === "Escape") {
    event.preventDefault();
    editor.querySelector("[data-cancel]").click();
  }
  // In a text of several lines Enter begins the next one; with Ctrl it saves there too.
  const saves = event.target.matches("select, [type=checkbox]") || event.ctrlKey || event.metaKey;
  if (event.key === "Enter" && saves && !event.target.matches("a, button")) {
    event.preventDefault();
    editor.requestSubmit();
  }
});
