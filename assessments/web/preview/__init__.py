"""Previews of a draft or a version behind a signed link: nothing of them is stored or counted."""
