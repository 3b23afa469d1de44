"""Who works here: members, departments, teams, and what their role allows."""
