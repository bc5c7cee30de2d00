"""Render the Retail Rocket `setCustomer` block: validated, escaped, exact to the byte."""
