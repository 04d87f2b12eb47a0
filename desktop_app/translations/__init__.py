"""What the window says in other languages: `.ts` files to edit, `.qm` files made of them for Qt to load."""
