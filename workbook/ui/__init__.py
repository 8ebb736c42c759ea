"""What two people see and touch: forms and the widgets they are made of."""
