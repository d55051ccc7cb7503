// Keys of the admin's lists: the name of a pressed key, and whether it belongs to something else.
"use strict";
{
  const FIELDS = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]:not([contenteditable=false]), [role=textbox]";
  // A Korean keyboard sends ㅓ for the key J: the place of the key counts where its letter is not Latin.
  const nameOf = (event) => {
    if (/^[a-z0-9/?]$/i.test(event.key)) return event.key.toLowerCase();
    return /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : event.key;
  };
  // While somebody types, composes letters, has a dialog open, or holds Ctrl, Alt or Meta.
  const isBusy = (event) => event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey
    || Boolean(event.target.closest(FIELDS)) || Boolean(document.querySelector("dialog[open]"));
  window.newsroomKeys = { nameOf, isBusy };
}
