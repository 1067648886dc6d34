// Says when somebody else has changed what is on screen; the rows stay as they are until the reader asks for more.
"use strict";

{
  const EVERY = 10_000;
  let timer = 0;

  async function ask() {
    const place = document.querySelector("[data-live]");
    if (!place || document.hidden) return;
    const answer = await fetch(place.dataset.live).catch(() => null);
    if (answer?.redirected || answer?.status === 403) return clearInterval(timer); // signed out, or no longer allowed
    if (answer?.status !== 200 || !place.isConnected) return;
    const words = await answer.text();
    // Said once for each count, and left alone while it holds the focus.
    if (words !== place.dataset.said && !place.contains(document.activeElement)) {
      place.dataset.said = words;
      place.innerHTML = words;
    }
  }

  timer = setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
}
