"""Pages of share links: the page that a link opens, and the pages on which links are made, watched and ended."""
