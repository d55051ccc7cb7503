// The text in the language of the page, from its JavaScript catalog.
export const translate = (text) => (window.gettext ? window.gettext(text) : text);
