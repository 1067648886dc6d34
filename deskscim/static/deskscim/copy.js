// Buttons with data-copy put that text on the clipboard and say so in the element after them.
"use strict";

function showCopyButtons(root) {
  if (!navigator.clipboard) return; // not over plain HTTP
  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = false;
}

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.nextElementSibling.textContent = button.dataset.copied;
});

document.addEventListener("htmx:load", ({ target }) => showCopyButtons(target));
