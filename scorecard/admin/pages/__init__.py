"""The pages of the editor, below those of the questionnaire's admin."""
