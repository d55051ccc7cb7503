// Photo library in a window of its own: passes the picked photo to the page that opened it.
"use strict";
const library = document.getElementById("library");
library.addEventListener("click", (event) => {
  const pick = event.target.closest(".pick");
  if (!pick || !window.opener) return;
  const { id, address, alt, caption, credit, thumb } = pick.dataset;
  if (library.dataset.function) {
    // A figure in the body: the callback of the editor.
    window.opener.CKEDITOR.tools.callFunction(Number(library.dataset.function), address, {
      alternative_text: alt, caption, id,
    });
  } else {
    window.opener.postMessage({ photo: { field: library.dataset.field, id, address, alt, caption, credit, thumb } }, location.origin);
  }
  window.close();
});
const uploaded = document.querySelector(".just-uploaded");
if (uploaded) uploaded.focus();
