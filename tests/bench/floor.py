"""What a request costs that does nothing: below this no page can be."""

from tests.bench.harness import Bench
from tests.bench.servers import Site
from tests.bench.visitor import Visitor, queries_of


def measure(bench: Bench, site: Site) -> None:
    with site.running():
        nobody = Visitor(site.url)
        bench.time("GET /healthz", lambda: nobody.get("/healthz"), queries=queries_of("/healthz"))
        bench.time("GET /readyz", lambda: nobody.get("/readyz"), queries=queries_of("/readyz"))
