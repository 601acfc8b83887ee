"""Data parallel training of one network: every device has all weights and its share of the rows of a batch.

The step is the one of a single device, compiled as one program for all of them. A mean over the batch is then
the mean over all its rows, wherever they lie, so that batch normalization needs no code of its own. With
several processes each calls the same functions with its own rows.
"""

import functools
from collections.abc import Sequence
from typing import Any

import jax
import numpy as np
import optax
from jax.sharding import AxisType, Mesh, NamedSharding, PartitionSpec
from jaxtyping import Float, Int, PRNGKeyArray

from research.selu_vs_batchnorm.training import Part
from research.selu_vs_batchnorm.training.train import Network, Weights, step

AXIS = "data"


def mesh(devices: Sequence[Any] | None = None) -> Mesh:
    """Devices in a row, along which the rows of a batch are shared.

    Args:
        devices: Which; those of all processes if not given.
    """
    devices = jax.devices() if devices is None else devices
    return jax.make_mesh((len(devices),), (AXIS,), (AxisType.Auto,), devices=devices)


def start(
    network: Network, optimizer: optax.GradientTransformation, devices: Mesh, key: PRNGKeyArray
) -> tuple[Weights, Any]:
    """Weights and momentum before the first step, the same on every device.

    Args:
        network: What is trained.
        optimizer: How.
        devices: As `mesh` makes them.
        key: From which the weights are drawn, the same in every process.
    """
    weights = network.init(key)
    return _everywhere(devices, (weights, optimizer.init(weights.params)))


def share(
    devices: Mesh, x: Float[np.ndarray, "rows features"], y: Int[np.ndarray, " rows"], classes: int
) -> Part:
    """A batch whose rows are shared by the devices.

    Args:
        devices: As `mesh` makes them.
        x: Features of the rows that this process has; the batch has those of all processes, in their order.
        y: Labels of these rows, from 0.
        classes: How many classes there are.

    Raises:
        ValueError: If the devices of this process cannot share its rows equally.
    """
    here = devices.local_mesh.size
    if len(y) % here:
        raise ValueError(f"{here} devices cannot share {len(y)} rows equally.")
    sharding = NamedSharding(devices, PartitionSpec(AXIS))
    rows = jax.make_array_from_process_local_data(sharding, y.astype(np.int32))
    return Part(
        x=jax.make_array_from_process_local_data(sharding, x.astype(np.float32)),
        y=rows,
        rows=_everywhere(devices, np.int32(len(rows))),
        classes=_everywhere(devices, np.int32(classes)),
    )


def program(network: Network, optimizer: optax.GradientTransformation, devices: Mesh) -> Any:
    """The step of all devices together.

    Args:
        network: What is trained.
        optimizer: How.
        devices: As `mesh` makes them.

    Returns:
        A jitted function with the arguments of `train.step` from the weights on, and what that returns. It
        takes the memory of the weights and the momentum that it is given.
    """
    everywhere = NamedSharding(devices, PartitionSpec())
    by_rows = NamedSharding(devices, PartitionSpec(AXIS))
    batch = Part(by_rows, by_rows, everywhere, everywhere)  # pyright: ignore[reportArgumentType]  # a prefix
    return jax.jit(
        functools.partial(step, network, optimizer),
        in_shardings=(everywhere, everywhere, batch, everywhere, everywhere),
        out_shardings=everywhere,
        donate_argnums=(0, 1),
    )


def _everywhere(devices: Mesh, values: Any) -> Any:
    """Values that every process has, on every device."""
    sharding = NamedSharding(devices, PartitionSpec())
    return jax.tree.map(
        lambda leaf: jax.make_array_from_process_local_data(sharding, np.asarray(leaf)), values
    )
