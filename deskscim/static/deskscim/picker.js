// Makes each [data-picker] a combobox with a list (ARIA 1.2): it searches while somebody types.
"use strict";

const WAIT = 150; // milliseconds without a key before it asks

class Picker {
  constructor(root) {
    this.root = root;
    this.chosen = root.querySelector("[type=hidden]");
    this.input = root.querySelector("[type=text]");
    this.status = root.querySelector("[role=status]");
    this.list = document.createElement("ul");
    this.list.id = `${this.input.id}_list`;
    this.chosen.disabled = false;
    root.querySelector(".picker-matches")?.remove();
    this.prepare();
    this.listen();
  }

  prepare() {
    Object.assign(this.list, { className: "picker-list", role: "listbox", hidden: true });
    this.list.setAttribute("aria-label", this.input.labels[0]?.textContent.trim().replace(/\s+/g, " ") ?? "");
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.setAttribute("aria-expanded", "false");
    this.input.after(this.list);
  }

  listen() {
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.input.addEventListener("focus", () => this.input.select()); // to type over what is chosen
    this.input.addEventListener("blur", () => this.close());
    // A press would take the focus from the input before the click arrives.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", ({ target }) => {
      const option = target.closest("[role=option]");
      if (option) this.choose(option);
    });
  }

  get options() {
    return [...this.list.children];
  }

  get active() {
    return this.options.findIndex((option) => option.ariaSelected === "true");
  }

  typed() {
    this.chosen.value = "";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.search(), WAIT);
  }

  async search() {
    const text = this.input.value.trim();
    if (!text) return this.close();
    const url = new URL(this.root.dataset.picker, location.href);
    url.searchParams.set("q", text);
    const answer = await fetch(url, { headers: { "HX-Request": "true" } });
    if (!answer.ok || text !== this.input.value.trim()) return;
    this.list.innerHTML = await answer.text();
    for (const option of this.options) option.id = `${this.list.id}_${option.id}`;
    this.open();
  }

  open() {
    const { many, none } = this.root.dataset;
    const found = this.options.length;
    this.list.hidden = found === 0;
    this.input.setAttribute("aria-expanded", String(found > 0));
    this.input.removeAttribute("aria-activedescendant");
    this.status.textContent = found ? `${found}: ${many}` : none;
  }

  close() {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  pressed(event) {
    const { key } = event;
    const open = !this.list.hidden;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (open) this.move(key === "ArrowDown" ? 1 : -1);
      else this.search();
    } else if (key === "Enter" && open && this.active >= 0) {
      event.preventDefault();
      this.choose(this.options[this.active]);
    } else if (key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  move(step) {
    const options = this.options;
    const from = this.active < 0 && step < 0 ? 0 : this.active;
    const next = options[(from + step + options.length) % options.length];
    for (const option of options) option.ariaSelected = String(option === next);
    this.input.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  }

  choose(option) {
    this.chosen.value = option.dataset.value;
    this.input.value = option.firstElementChild.textContent;
    this.status.textContent = this.input.value;
    this.close();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

document.addEventListener("htmx:load", ({ target }) => {
  for (const root of target.querySelectorAll("[data-picker]")) new Picker(root);
});
