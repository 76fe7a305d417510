"""What can go wrong at every place of a whole run goes wrong there: the places are recorded, the cases generated."""
