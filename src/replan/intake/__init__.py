"""From what a person knows to a case: an interview, a quick form, a pasted bill."""
