"""What tests share."""

import gc

import pytest
from fake_kafka import FakeProducer

from spectrawatch_tap import Model, Publisher


@pytest.fixture
def publishers():
    """Makes publishers that send to nobody, and closes them."""
    made = []

    def new(**settings):
        fakes = []

        def producer(options):
            fakes.append(FakeProducer(options))
            return fakes[-1]

        p = Publisher("nowhere:9092", Model("m", "1", "0a" * 32), producer=producer, **settings)
        p.fake = fakes[0]
        made.append(p)
        return p

    yield new
    for p in made:
        p.close()
    gc.collect()
