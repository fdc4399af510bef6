"""`python -m bench`: run every benchmark, one after the other."""

from bench import fleet, ingest, latency, mqtt, rules_speed, search, status_truth, thread

for benchmark in (latency, ingest, mqtt, rules_speed, fleet, search, status_truth, thread):
    print(f"\n# {benchmark.__name__}\n")
    benchmark.main()
