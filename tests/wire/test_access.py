"""No method is served whose access nobody decided on."""

import importlib
from collections.abc import Iterator
from pathlib import Path

from google.protobuf.descriptor import FileDescriptor, MethodDescriptor

from eventglass.catalog.project import Access
from eventglass.transport.access import ACCESS
from tests.wire.fakes import SlowEngine, fake_methods

_GENERATED = Path(__file__).parents[2] / "gen"


def _methods() -> Iterator[MethodDescriptor]:
    for path in sorted(_GENERATED.rglob("*_pb2.py")):
        module = importlib.import_module(".".join(path.relative_to(_GENERATED).with_suffix("").parts))
        file: FileDescriptor = module.DESCRIPTOR
        for service in file.services_by_name.values():
            yield from service.methods


def _path(method: MethodDescriptor) -> str:
    return f"/{method.containing_service.full_name}/{method.name}"


def test_every_method_has_an_access() -> None:
    assert {_path(method) for method in _methods()} == set(ACCESS)


def test_every_method_is_served() -> None:
    assert {method.path for method in fake_methods(SlowEngine())} == set(ACCESS)


def test_what_has_no_side_effects_is_reading() -> None:
    for method in _methods():
        pure = method.GetOptions().idempotency_level == method.GetOptions().NO_SIDE_EFFECTS
        assert pure is (Access.READ in ACCESS[_path(method)])
