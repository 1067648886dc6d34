// Every page works without this file; it shows questions in a dialog and selects all rows.
"use strict";

function countSelected(form) {
  const boxes = [...form.elements].filter((box) => box.name === "contact");
  const selected = boxes.filter((box) => box.checked).length;
  const output = form.querySelector("output");
  output.textContent = output.dataset.selected.replace("{n}", selected);
}

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-select-all]")) {
    for (const box of target.form.elements) {
      if (box.type === "checkbox") box.checked = target.checked;
    }
  }
  if (target.form?.matches("[data-bulk]")) countSelected(target.form);
});

let opener = null; // where the focus goes back to when the dialog closes

function show(dialog, from) {
  if (!dialog.open) opener = from;
  dialog.showModal();
}

// "close" does not bubble, so it is caught on its way down. Whoever opened the dialog may be gone with its row.
document.addEventListener("close", () => (opener?.isConnected ? opener : document.getElementById("main")).focus(), true);

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-open]");
  if (button) show(document.getElementById(button.dataset.open), button);
  const question = event.target.closest("a[data-dialog]");
  if (question && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    htmx.ajax("GET", question.href, { target: "#dialog", source: question });
  }
  const dialog = event.target.closest("dialog");
  if (dialog && event.target.closest("[data-close]")) {
    event.preventDefault();
    dialog.close();
  }
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id === "dialog") show(detail.target, detail.requestConfig.elt);
});

// The answer is a page of its own (not allowed, gone): go there.
document.addEventListener("htmx:responseError", ({ detail }) => {
  window.location.assign(detail.xhr.responseURL);
});
