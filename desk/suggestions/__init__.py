"""Lines suggested for a story: by extraction from its text, or by an assistant that is asked for them.

body_text.py         plain text of a body, and its subheads
sentences.py         sentence splitting
text_rank.py         rank of sentences
shortening.py        a sentence as a summary line
summary_lines.py     summary lines by extraction
prompts.py           prompts for the assistant, and the lines of its answers
chat_completions.py  client of the assistant's endpoint

Only chat_completions.py has effects: it sends text out. No module reads or writes the database.
"""
