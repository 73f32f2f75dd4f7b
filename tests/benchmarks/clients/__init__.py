"""The others: requests written by hand, and CloudConvert's official clients for Python and Node."""
