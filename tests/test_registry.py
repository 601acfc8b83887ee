"""The registry: one definition makes an activation, and a wrong one says so when it is imported."""

import csv
import importlib
import pathlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from typing import Any

import jax
import jax.numpy as jnp
import pytest
from jaxtyping import Array, ArrayLike

import jaxact
import jaxact.functions
import jaxact.nn
from jaxact import _registry
from jaxact._formula import FormulaError

CATALOGUE = pathlib.Path(__file__).parents[2] / "shared" / "catalogue.tsv"
KINDS = {"elementwise", "elementwise-parametric-learnable"}


@pytest.fixture(autouse=True)
def registry_stays_as_it_was() -> Iterator[None]:
    before = dict(jaxact.specs)
    yield
    assert dict(jaxact.specs) == before


def test_specs_are_read_only() -> None:
    with pytest.raises(TypeError):
        jaxact.specs["mine"] = jaxact.spec("relu")  # pyright: ignore[reportIndexIssue]  # it must fail
    with pytest.raises(AttributeError):
        jaxact.spec("relu").name = "mine"  # pyright: ignore[reportAttributeAccessIssue]  # it must fail


def test_an_entry_is_found_by_function_name_and_alias(entry: jaxact.Spec) -> None:
    assert jaxact.specs[entry.name] is entry
    assert jaxact.spec(entry.function) is entry
    for name in (entry.name, *entry.aliases):
        assert jaxact.spec(name) is entry
        assert getattr(jaxact, name) is entry.function


def test_an_unknown_name_gives_the_nearest() -> None:
    with pytest.raises(KeyError, match=r"No activation is called 'gelo'; the nearest are gelu"):
        jaxact.spec("gelo")
    with pytest.raises(KeyError, match=r"No activation is called '####'; see jaxact\.specs"):
        jaxact.spec("####")
    with pytest.raises(KeyError, match=r"is not in the catalogue; see jaxact\.specs, or .*jaxact\.check"):
        jaxact.spec(jax.nn.gelu)
    with pytest.raises(
        KeyError, match=r"softmax is no function of one number; see jaxact.operations\['softmax'\]"
    ):
        jaxact.spec("softmax")
    with pytest.raises(AttributeError, match=r"module 'jaxact' has no attribute 'gelo'"):
        _ = jaxact.gelo


def test_the_family_is_the_module(entry: jaxact.Spec) -> None:
    module = importlib.import_module(f"jaxact.functions.{entry.family}")
    assert vars(module)[entry.name] is entry.function


def test_every_function_is_exported(entry: jaxact.Spec) -> None:
    assert vars(jaxact)[entry.name] is entry.function


def test_a_family_exports_activations_and_nothing_else() -> None:
    families = {module.name for module in pkgutil.iter_modules(jaxact.functions.__path__)}
    entries = [*jaxact.specs.values(), *jaxact.operations.values()]
    assert families == {entry.family for entry in entries}
    for family in families:
        module = importlib.import_module(f"jaxact.functions.{family}")
        own = {
            name
            for name, value in vars(module).items()
            if getattr(value, "__module__", None) == module.__name__ and not name.startswith("_")
        }
        assert own == {entry.name for entry in entries if entry.family == family}


def test_names_and_aliases_are_used_once() -> None:
    entries = (*jaxact.specs.values(), *jaxact.operations.values())
    names = [name for entry in entries for name in (entry.name, *entry.aliases)]
    assert len(names) == len(set(names))


def test_names_are_spelled_as_in_jax() -> None:
    """Where jax.nn has a function under one of our names, it is the same one; `gelu` is exact here."""
    x = jnp.array([-2.0, -0.3, 0.4, 3.0])
    shared = [entry for entry in jaxact.specs.values() if hasattr(jax.nn, entry.name)]
    assert len(shared) > 20
    for entry in shared:
        arguments = {"approximate": False} if entry.name == "gelu" else {}
        assert jnp.allclose(entry.function(x), getattr(jax.nn, entry.name)(x, **arguments)), entry.name
        assert re.fullmatch(r"[a-z][a-z0-9_]*", entry.name)


def test_everything_has_a_source(entry: jaxact.Spec) -> None:
    assert re.search(r"\d{4}", entry.paper), "a paper has a year"
    for parameter in entry.parameters:
        assert len(parameter.source) > 3, parameter.name
        assert parameter.default in parameter, parameter.name
        assert re.fullmatch(r"[(\[](-inf|\d+), (inf|\d+)[)\]]", parameter.domain), parameter.name


def test_the_formula_uses_the_parameters_and_nothing_else(entry: jaxact.Spec) -> None:
    assert entry.formula.names - {"x"} == entry.defaults.keys()


@pytest.mark.heavy
def test_kinks_are_sorted_and_finite_at_the_defaults(entry: jaxact.Spec) -> None:
    joints = entry.joints()
    assert [joint.at for joint in joints] == sorted({joint.at for joint in joints})
    slope = jax.grad(entry.function)
    for joint in joints:
        assert float(slope(joint.at)) == pytest.approx(joint.slope, rel=1e-6)


def test_tier_1_of_the_catalogue_is_here() -> None:
    if not CATALOGUE.exists():
        pytest.skip("the catalogue of the literature is not beside this checkout")
    with CATALOGUE.open(encoding="utf-8") as file:
        wanted = [row for row in csv.DictReader(file, delimiter="\t") if row["tier"] == "1"]
    names = {row["name"] for row in wanted if row["kind"] in KINDS}
    assert len(names) == 52
    for name in names:
        assert jaxact.spec(name), name


def _body(x: ArrayLike, *, slope: ArrayLike = 0.5) -> Array:
    return x * slope  # pyright: ignore[reportReturnType, reportOperatorIssue]  # the body gets arrays


SLOPE = jaxact.Parameter("slope", "(-inf, inf)", "what it does", "nobody")


def _renamed(name: str) -> Callable[..., Array]:
    def body(x: ArrayLike, *, slope: ArrayLike = 0.5) -> Array:
        return _body(x, slope=slope)

    body.__name__ = name
    return body


WRONG: dict[str, tuple[dict[str, Any], type[Exception], str]] = {
    "a formula that cannot be read": (
        {"formula": "x * slop("},
        FormulaError,
        r"was never closed:\n  x \* slop\(\n  {9}\^",
    ),
    "a function that is not in the language": ({"formula": "x * sigmoid(slope)"}, FormulaError, r"\n {6}\^"),
    "a name that is no parameter": (
        {"formula": "x * steepness"},
        ValueError,
        r"mine has no parameter steepness; it has \['slope'\]\.",
    ),
    "a kink in an unknown name": (
        {"formula": "x * slope", "kinks": (jaxact.Kink("bend", "0"),)},
        ValueError,
        r"mine has no parameter bend",
    ),
    "a parameter that is not described": (
        {"formula": "x * slope", "parameters": ()},
        ValueError,
        r"mine takes \['slope'\]; described are \[\]\.",
    ),
    "a description of no parameter": (
        {
            "formula": "x * slope",
            "parameters": (SLOPE, jaxact.Parameter("bend", "(0, inf)", "what it does", "nobody")),
        },
        ValueError,
        r"mine takes \['slope'\]; described are \['slope', 'bend'\]\.",
    ),
    "a default outside its domain": (
        {
            "formula": "x * slope",
            "parameters": (jaxact.Parameter("slope", "(1, inf)", "what it does", "nobody"),),
        },
        ValueError,
        r"mine: slope must lie in \(1, inf\); its default is 0\.5\.",
    ),
    "an alias that is taken": (
        {"formula": "x * slope", "aliases": ("swish1",)},
        ValueError,
        r"Two activations are called 'swish1'\.",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_definition_raises_at_once(case: str) -> None:
    given, error, message = WRONG[case]
    definition = {"paper": "nobody 2000", "parameters": (SLOPE,), **given}
    with pytest.raises(error, match=message):
        jaxact.activation(**definition)(_renamed("mine"))
    assert "mine" not in jaxact.specs


def test_a_name_that_is_taken_raises() -> None:
    with pytest.raises(ValueError, match=r"Two activations are called 'relu'\."):
        jaxact.activation(formula="x * slope", paper="nobody 2000", parameters=(SLOPE,))(_renamed("relu"))


@pytest.mark.parametrize("domain", ["0, inf", "(0; inf)", "(0, 1", "(a, b)", "(1, 0)"])
def test_a_domain_is_an_interval(domain: str) -> None:
    with pytest.raises(
        ValueError, match=re.escape(f"slope lies in an interval such as (0, inf); got {domain!r}.")
    ):
        jaxact.Parameter("slope", domain, "what it does", "nobody")


def test_a_new_activation_is_under_all_laws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_registry, "_specs", {})
    monkeypatch.setattr(_registry, "names", {})
    mine = jaxact.activation(
        formula="x * slope", paper="nobody 2000", aliases=("ours",), parameters=(SLOPE,)
    )(_renamed("mine"))
    assert _registry.spec("ours").function is mine
    assert _registry.spec(mine).defaults == {"slope": 0.5}
    assert mine(jnp.bfloat16(3)).dtype == jnp.bfloat16
    with pytest.raises(TypeError, match="mine is defined on the reals"):
        mine(1j)
