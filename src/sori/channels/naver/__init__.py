"""What people write on Naver: its search, asked again and again for some words."""
