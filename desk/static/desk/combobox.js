// Story page: the fields with several choices (select2) as editable comboboxes of ARIA 1.2.
//
// Select2 puts the role and the state on the box around the search field, as ARIA 1.1 had it, where no screen reader
// looks for them any more. Here both are the search field's, and stay so whenever select2 changes them.
"use strict";
{
  const $ = window.django && window.django.jQuery;
  const OF_THE_BOX = ["role", "aria-haspopup", "aria-expanded", "aria-owns", "aria-activedescendant", "aria-disabled", "aria-labelledby"];

  const repair = (box, search, label) => {
    if (!OF_THE_BOX.some((name) => box.hasAttribute(name))) return;
    search.setAttribute("aria-expanded", box.getAttribute("aria-expanded") || "false");
    const list = document.getElementById(box.getAttribute("aria-owns"));
    if (list) list.setAttribute("aria-label", label);
    for (const name of OF_THE_BOX) box.removeAttribute(name);
  };
  if ($) $(() => $("select[data-in-order]").each((_, select) => {
    const field = document.querySelector(`label[for="${select.id}"]`);
    const box = select.parentElement.querySelector(".select2-selection");
    const search = box && box.querySelector(".select2-search__field");
    if (!field || !search) return;
    const label = field.textContent.replace(/:$/, "").trim(); // the search field has no name of its own
    search.type = "text";
    for (const [name, value] of Object.entries({ role: "combobox", "aria-haspopup": "listbox", "aria-label": label })) {
      search.setAttribute(name, value);
    }
    repair(box, search, label);
    new MutationObserver(() => repair(box, search, label)).observe(box, { attributes: true, attributeFilter: OF_THE_BOX });
  }));
}
