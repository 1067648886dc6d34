// Every page works without this file; it shows questions in a dialog, selects all rows and tells local times.
"use strict";

const FORMATS = {
  full: new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }),
  date: new Intl.DateTimeFormat(undefined, { dateStyle: "medium" }),
};

function tellLocalTimes(root) {
  for (const time of root.querySelectorAll("time[data-local]")) {
    time.textContent = FORMATS[time.dataset.local].format(new Date(time.dateTime));
  }
}

function countSelected(form) {
  const boxes = [...form.elements].filter((box) => box.name === "contact");
  const selected = boxes.filter((box) => box.checked).length;
  form.querySelector("output").textContent = `${selected} selected`;
}

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-select-all]")) {
    for (const box of target.form.elements) {
      if (box.type === "checkbox") box.checked = target.checked;
    }
  }
  if (target.form?.matches("[data-bulk]")) countSelected(target.form);
});

document.addEventListener("click", (event) => {
  const question = event.target.closest("a[data-dialog]");
  if (question && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    htmx.ajax("GET", question.href, { target: "#dialog" });
  }
  const dialog = event.target.closest("dialog");
  if (dialog && event.target.closest("[data-close]")) {
    event.preventDefault();
    dialog.close();
  }
});

document.addEventListener("htmx:load", ({ target }) => tellLocalTimes(target));

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id === "dialog") detail.target.showModal();
});

// The answer is a page of its own (not allowed, gone): go there.
document.addEventListener("htmx:responseError", ({ detail }) => {
  window.location.assign(detail.xhr.responseURL);
});
