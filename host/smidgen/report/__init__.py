"""Reports: charts and self-contained HTML pages. Charts need matplotlib (extra `demo`)."""
