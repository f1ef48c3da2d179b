"""How the pages of a pool look: managed login styles, and the CSS and logo of the classic pages."""
