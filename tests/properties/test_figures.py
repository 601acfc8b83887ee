"""The figures of the criteria are those of the mathematics."""

import math
import pkgutil

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxact
import jaxact.properties
from jaxact.properties.check import CRITERIA, examine
from jaxact.properties.subject import subject
from jaxact.properties.survey import Survey


def figures(f: object, criterion: str, **options: object) -> dict[str, object]:
    report = examine(f, criteria=[criterion], **options)  # pyright: ignore[reportArgumentType]
    return dict(report[criterion].figures)


@pytest.mark.parametrize(
    "name", ["leaky_relu", "hard_sigmoid_onnx", "selu", "clipped_gelu", "shrink", "threshold"]
)
def test_kinks_are_found_where_the_catalogue_states_them(name: str) -> None:
    entry = jaxact.spec(name)
    found = figures(entry.function, "differentiability")
    at, slopes = zip(*sorted(zip(found["at"], found["slope taken"], strict=True)), strict=True)
    assert at == pytest.approx([j.at for j in entry.joints()], rel=1e-15, abs=0)  # as products are rounded
    assert slopes == pytest.approx([j.slope for j in entry.joints()], rel=1e-6)


@pytest.mark.heavy
def test_every_kink_of_the_catalogue_is_found(entry: jaxact.Spec) -> None:
    breaks = Survey(subject(entry.function, jnp.float32, None)).breaks
    assert [b.at for b in breaks] == pytest.approx([j.at for j in entry.joints()], rel=1e-15, abs=0)


def test_a_kink_is_closed_in_to_neighbouring_floats() -> None:
    at = np.float64(1) / 3
    report = jaxact.check(lambda x: jnp.maximum(x - 1 / 3, 0) + jnp.sin(40 * x))
    (found,) = report["differentiability"].figures["at"]
    assert abs(found - at) <= np.spacing(at)
    left, right = (
        report["differentiability"].figures[f"slope to the {side}"][0] for side in ("left", "right")
    )
    assert right - left == pytest.approx(1, rel=1e-9)


def test_a_cusp_behind_a_nan_is_found() -> None:
    verdict = jaxact.check(lambda x: jnp.sqrt(x * x))["differentiability"]
    assert verdict.figures["at"] == (0.0,)
    assert verdict.figures["slope to the left"] == pytest.approx((-1,), rel=1e-12)
    assert verdict.figures["slope to the right"] == pytest.approx((1,), rel=1e-12)
    assert math.isnan(verdict.figures["slope taken"][0])


@pytest.mark.parametrize(
    ("f", "low", "high"),
    [
        (jaxact.relu6, (0.0, "on (-inf, 0)"), (6.0, "on (6, inf)")),
        (jaxact.sigmoid, (0.0, "approached at -inf"), (1.0, "approached at inf")),
        (jaxact.silu, (-0.2784645427610738, "at -1.27846"), (math.inf, "towards inf")),
        (jnp.sin, (-1.0, None), (1.0, None)),
    ],
    ids=["relu6", "sigmoid", "silu", "sin"],
)
def test_bounds(f: object, low: tuple[float, str | None], high: tuple[float, str | None]) -> None:
    found = figures(f, "boundedness")
    for (bound, where), side in ((low, "infimum"), (high, "supremum")):
        assert found[side] == pytest.approx(bound, abs=1e-10)
        assert where is None or found[f"{side} attained"] == where


@pytest.mark.parametrize(
    ("f", "constant"),
    [
        (jaxact.gelu, 1.1289042),
        (jaxact.silu, 1.0998393),
        (jaxact.mish, 1.0884985),
        (jaxact.selu, 1.7580993408),
    ],
    ids=["gelu", "silu", "mish", "selu"],
)
def test_lipschitz_constant(f: object, constant: float) -> None:
    assert figures(f, "shape")["Lipschitz constant"] == pytest.approx(constant, abs=1e-6)


@pytest.mark.parametrize(
    ("f", "left", "right", "dead"),
    [
        (jaxact.relu, "hard saturation", "no saturation", ((-math.inf, 0.0),)),
        (jaxact.tanh, "soft saturation", "soft saturation", ()),
        (jax.nn.tanh, "soft saturation", "soft saturation", ()),
        (jaxact.hard_shrink, "no saturation", "no saturation", ((-0.5, 0.5),)),
        (jaxact.hard_tanh, "hard saturation", "hard saturation", ((-math.inf, -1.0), (1.0, math.inf))),
        (jaxact.sparse_plus, "hard saturation", "no saturation", ((-math.inf, -1.0),)),
    ],
    ids=["relu", "tanh", "jax.nn.tanh", "hard_shrink", "hard_tanh", "sparse_plus"],
)
def test_saturation(f: object, left: str, right: str, dead: tuple[tuple[float, float], ...]) -> None:
    found = figures(f, "saturation")
    assert (found["left"], found["right"], found["dead intervals"]) == (left, right, dead)


def test_saturation_of_selu() -> None:
    found = figures(jaxact.selu, "saturation")
    assert found["slope at inf"] == pytest.approx(1.0507009873554805)
    assert found["slope at -inf"] == 0
    assert found["E f'(z)^2"] == pytest.approx(1.0715749924557993, rel=1e-12)


def test_normalization_of_selu() -> None:
    found = figures(jaxact.selu, "normalization")
    ((mean, variance, radius),) = found["fixed points"]  # pyright: ignore[reportGeneralTypeIssues]
    assert mean == pytest.approx(0, abs=1e-12)
    assert variance == pytest.approx(1, rel=1e-12)
    assert radius == pytest.approx(0.782647883197, rel=1e-9)


def test_identity_of_gelu() -> None:
    found = figures(jaxact.gelu, "identity")
    assert (found["f(0)"], found["f'(0)"]) == (0, 0.5)
    assert (found["f(x) / x at -inf"], found["f(x) / x at inf"]) == (0, 1)


def test_nonlinear_share() -> None:
    found = figures(jaxact.square, "nonlinearity")
    assert found["share of Var f(z) not affine"] == pytest.approx(1)
    assert figures(lambda x: 2 * x + 1, "nonlinearity")["share of Var f(z) not affine"] < 1e-12
    assert "collapse" in examine(lambda x: 2 * x + 1, criteria=["nonlinearity"])["nonlinearity"].finding


def test_cost_counts_what_is_evaluated_and_kept() -> None:
    sin = figures(jnp.sin, "cost")
    assert (sin["operations"], sin["transcendentals"], sin["bytes kept"]) == (1, 1, 4.0)
    assert figures(jaxact.gelu, "cost")["kept"] == "the input"
    assert figures(jaxact.selu, "cost")["kept"] == "the output"
    assert figures(jax.nn.mish, "cost")["bytes kept"] >= 16
    assert figures(jaxact.gelu, "cost", dtype=jnp.bfloat16)["bytes kept"] == 2


def test_time_is_measured_when_asked_for() -> None:
    found = examine(jnp.tanh, criteria=["cost"], measure=True)["cost"].figures
    names = ("forward / relu", "forward and backward / relu", "forward / copy", "ns, forward")
    assert all(0 < found[name] < math.inf for name in names)


@pytest.mark.parametrize("dtype", [jnp.bfloat16, jnp.float16, jnp.float8_e4m3fn, jnp.float64])
def test_narrow_dtypes_are_examined_whole(dtype: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jaxact.properties.check.proofs", lambda *_: ({}, ""))
    narrow = jnp.finfo(dtype).bits <= 16
    report = examine(jaxact.tanh, dtype=dtype, criteria=["monotonicity", "boundedness", "differentiability"])
    assert (report.claims["monotonic"].evidence == "exhaustive") == narrow
    assert (report.claims["finite"].evidence == "exhaustive") == narrow
    assert report.claims["bounded"].evidence == "sampled"
    assert report.claims["differentiable"].evidence == "sampled"
    if dtype is jnp.bfloat16:
        assert report.points == 2 * 127 * 256 + 255 or report.points == 65279


def test_a_loss_in_one_16_bit_value_is_found() -> None:
    at = jnp.asarray(1.2421875, jnp.bfloat16)
    report = examine(
        lambda x: jnp.where(x == at.astype(x.dtype), jnp.inf, x),
        dtype=jnp.bfloat16,
        criteria=["differentiability"],
    )
    assert report.claims["finite"].witness == (1.2421875,)


def test_the_criteria_are_nine_and_the_shape() -> None:
    *nine, last = CRITERIA
    modules = {module.name for module in pkgutil.iter_modules(jaxact.properties.__path__)}
    assert len(nine) == 9
    assert last == "shape"
    assert modules.issuperset(CRITERIA)
