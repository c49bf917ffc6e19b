"""Signs that a robot filled in the form. They mark a lead for sales; they never refuse or drop it."""
