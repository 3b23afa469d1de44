"""The demo company, Sodam Telecom: invented departments, members, sources, rules, and a history."""
