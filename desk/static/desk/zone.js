// Time zone: shows a hint that times are Korean where the browser has another time zone.
"use strict";
{
  const words = document.getElementById("zone-words");
  const offset = Number(words ? words.dataset.offsetMinutes : 0); // Korea has had no summer time since 1988
  if (words && -new Date().getTimezoneOffset() !== offset) {
    const content = document.getElementById("content");
    const note = document.createElement("p");
    note.className = "zone";
    note.textContent = words.dataset.page;
    content.prepend(note);
    for (const field of document.querySelectorAll("input[type=datetime-local]")) {
      const beside = document.createElement("span");
      beside.className = "zone";
      beside.id = `${field.id}_zone`;
      field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") || ""} ${beside.id}`.trim());
      field.after(beside);
      const show = () => {
        const at = new Date(`${field.value}${words.dataset.offset}`);
        const here = Number.isNaN(at.getTime()) ? "" : at.toLocaleString(document.documentElement.lang, {
          year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
        });
        beside.textContent = `${words.dataset.field} ${here && words.dataset.here.replace("{time}", here)}`.trim();
      };
      field.addEventListener("input", show);
      show();
    }
  }
}
