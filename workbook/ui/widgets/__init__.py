"""Small anywidgets, where core ipywidgets has nothing everybody can use."""
