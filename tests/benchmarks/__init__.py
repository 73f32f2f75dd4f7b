"""How fast it is, measured side by side: `python -m tests.benchmarks [--quick] [--json FILE] [--only NAME] [--readme]`.

Every measure runs the contenders in turn, round by round, in one go on one machine, so that whatever else the machine does
meets all of them alike. What is promised is a ratio: between the connector and the *floor* (the same requests written by
hand with requests, or curl for transfers) or the official clients. A theme is a file in `themes/`; the suite finds it.
"""
