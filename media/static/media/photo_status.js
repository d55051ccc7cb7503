// Polls uploads that are being processed, and shows each photo as soon as its files are there.
"use strict";
{
  const POLL_MILLISECONDS = 1000;

  const pathOf = (source) => new URL(source.url).pathname; // of this host, whatever the site is called

  const showReady = (place, photo) => {
    const [narrowest] = photo.sources;
    const wide = photo.sources.find(({ width }) => width >= Number(place.dataset.leastWidth || 0));
    const image = document.createElement("img");
    image.className = place.dataset.imageClass || "";
    image.src = pathOf(wide || photo.sources[photo.sources.length - 1]);
    image.alt = place.dataset.alt || "";
    const pick = place.closest(".pick");
    if (pick) {
      const file = photo.sources.find(({ width }) => width >= Number(pick.dataset.leastWidth));
      pick.dataset.address = pathOf(file || photo.sources[photo.sources.length - 1]);
      pick.dataset.thumb = pathOf(narrowest);
      pick.disabled = false;
    }
    place.replaceWith(image);
  };

  const showFailed = (place, photo) => {
    place.dataset.photoState = photo.state;
    place.classList.add("failed");
    place.textContent = photo.failure.detail;
  };

  const poll = async (place) => {
    const answer = await fetch(place.dataset.photo, { headers: { Accept: "application/json" } }).catch(() => null);
    if (answer && [401, 403, 404].includes(answer.status)) return;
    const photo = answer && answer.ok ? await answer.json() : { state: "processing" };
    if (photo.state === "ready") showReady(place, photo);
    else if (photo.state === "failed") showFailed(place, photo);
    else setTimeout(poll, POLL_MILLISECONDS, place);
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const place of document.querySelectorAll("[data-photo-state='processing']")) {
      setTimeout(poll, POLL_MILLISECONDS, place);
    }
  });
}
