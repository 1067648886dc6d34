// Times: the server writes them in the reader's zone, once the browser has told it which, and they stay true while
// the page is open.
"use strict";

{
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `timezone=${zone}; path=/; max-age=31536000; samesite=lax${secure}`;

  const UNITS = [["year", 31536000], ["month", 2592000], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always" });

  // As the filter `ago` says it; below a minute its "just now" stands.
  function ago(seconds) {
    const [unit, size] = UNITS.find(([, size]) => seconds >= size);
    return words.format(-Math.round(seconds / size), unit);
  }

  function tell() {
    for (const time of document.querySelectorAll("time[data-ago]")) {
      const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
      if (seconds >= 60) time.textContent = ago(seconds);
    }
  }

  setInterval(tell, 30_000);
  addEventListener("pageshow", tell); // Back may show a page from an hour ago
}
