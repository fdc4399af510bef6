"""`python -m bench`: run every benchmark, one after the other."""

from bench import ingest, latency

for benchmark in (latency, ingest):
    print(f"\n# {benchmark.__name__}\n")
    benchmark.main()
