"""Admin of wire stories as the desk sees it: who writes from which story, side by side with the draft."""
