"""What people see: templates, texts in Japanese and English, and the way from one to the other."""
