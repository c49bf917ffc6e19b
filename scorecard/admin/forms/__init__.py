"""Forms of the editor. Each edits one part of a questionnaire document and leaves what it does not show."""
