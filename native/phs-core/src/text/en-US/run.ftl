# Texts of runs: progress, and errors of requests.
