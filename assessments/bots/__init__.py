"""Bot detection: signs mark a lead for sales; they never reject or drop it."""
