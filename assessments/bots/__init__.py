"""Signs that nobody real is behind a run. They mark a lead for sales; they refuse nothing and drop nobody."""
