"""Admin of stories: the list, and the story page with its form, buttons, versions and conflicts."""
