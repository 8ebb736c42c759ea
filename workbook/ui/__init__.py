"""The user interface: forms, and the widgets they are made of."""
