// Keys (the contract is in base.html). Loaded only for agents who have not switched them off (WCAG 2.1.4).
"use strict";

{
  const TYPING = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=submit])";
  const WAIT = 1000; // how long "g" waits for the key after it
  let begun = "";
  let forget = 0;

  const currentRow = () => document.activeElement.closest("[data-row]");

  function move(step) {
    const rows = [...document.querySelectorAll("[data-row]")];
    const next = currentRow() ? rows.indexOf(currentRow()) + step : 0;
    rows[next]?.querySelector(".row-name").focus();
    rows[next]?.scrollIntoView({ block: "nearest" });
    return rows.length > 0;
  }

  function select() {
    const box = currentRow()?.querySelector("[name=contact]");
    box?.click();
    return Boolean(box);
  }

  const MOVES = { j: () => move(1), k: () => move(-1), x: select };
  const ARROWS = { ArrowDown: () => move(1), ArrowUp: () => move(-1) };

  function press(keys) {
    const wanted = `[data-key="${CSS.escape(keys)}"]`;
    const target = currentRow()?.querySelector(wanted) ?? document.querySelector(wanted);
    if (target?.matches("input")) target.select();
    if (target) target.matches("input") ? target.focus() : target.click();
    return Boolean(target);
  }

  function begin(key) {
    clearTimeout(forget);
    const keys = begun ? `${begun} ${key}` : key;
    begun = !begun && document.querySelector(`[data-key^="${CSS.escape(key)} "]`) ? key : "";
    forget = setTimeout(() => { begun = ""; }, WAIT);
    return keys;
  }

  function isMeant(event) {
    const hasModifier = event.ctrlKey || event.metaKey || event.altKey;
    return !(hasModifier || event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]"));
  }

  // In the rows the arrows move; elsewhere they scroll, as everywhere.
  function arrow(event) {
    const isSearch = event.target.matches('[data-key="/"]') && event.key === "ArrowDown";
    return isSearch || currentRow() ? ARROWS[event.key] : undefined;
  }

  document.addEventListener("keydown", (event) => {
    if (!isMeant(event)) return;
    const isTyping = event.target.matches(TYPING);
    if (!isTyping && event.key.length === 1) {
      const keys = begin(event.key);
      if (keys === event.key && MOVES[keys] ? MOVES[keys]() : press(keys)) event.preventDefault();
    } else if (arrow(event)?.()) {
      event.preventDefault();
    }
  });
}
