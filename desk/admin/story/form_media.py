"""Style sheets and scripts of the story form, by their names in desk/static/desk."""

FORM_STYLES = ("draft", "blocks", "story_layout", "preview")
# Each is loaded with `defer`, so they run in this order.
FORM_SCRIPTS = (
    *("draft", "combobox", "form_tokens", "unsaved", "autosave", "presence", "remarks", "links"),
    *("story_layout", "preview", "suggestions"),
)
