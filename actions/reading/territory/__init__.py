"""Where a message says to be: communes, postcodes, départements, régions, EPCI, addresses."""
