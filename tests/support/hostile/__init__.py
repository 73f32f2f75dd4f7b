"""Files and requests of people who mean harm, made on the spot."""
