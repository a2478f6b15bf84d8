"""Reading a company's file of past complaints: the file, its dates, its words, its rows."""
