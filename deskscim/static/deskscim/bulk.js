// "All that match" goes with a page on which every row is selected, and says so; a menu closes when it is left.
"use strict";

document.addEventListener("change", ({ target }) => {
  const form = target.form;
  if (!form?.matches("[data-bulk]")) return;
  const all = form.elements.all;
  const rows = [...form.elements].filter((box) => box.name === "contact");
  const page = document.querySelector(`[data-select-all][form="${form.id}"]`);
  const isWhole = rows.every((box) => box.checked);
  if (page) page.checked = isWhole;
  if (!isWhole || target === page) all.checked = false;
  if (all.checked) form.querySelector("output").textContent = all.dataset.selected;
});

document.addEventListener("click", ({ target }) => {
  for (const menu of document.querySelectorAll("details:is(.more, .views)[open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
});

document.addEventListener("keydown", ({ key, target }) => {
  const menu = key === "Escape" && target.closest("details:is(.more, .views)[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
