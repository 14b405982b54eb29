"""JAX and Flax: values and gradients of every function; modules by channel, their state saved and loaded."""

import pickle
import sys

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from proof import Proof, is_subnormal, names_of

jax.config.update("jax_enable_x64", True)
DTYPES = {"float64": jnp.float64, "float32": jnp.float32, "bfloat16": jnp.bfloat16}


def check_function(proof, case, precision, run):
    for reference in case["references"]:
        x = jnp.array(reference["x"], DTYPES[precision])
        parameters = [jnp.full_like(x, reference["parameters"][name]) for name in names_of(reference)]
        value, pull_back = jax.vjp(run, x, *parameters)
        if value.dtype != x.dtype or value.shape != x.shape:
            proof.fail(case, f"{precision}: the value is {value.dtype} {value.shape}")
            continue
        given = [value, *pull_back(jnp.ones_like(value))]
        for output, array in zip(reference["outputs"], given, strict=True):
            proof.compare(case, precision, reference["x"], output, array.astype(jnp.float64))


def check_init(proof, case):
    module = proof.module(case)
    names = names_of(case["references"][0])
    if not names:
        return
    run, init = proof.function(case), getattr(module, f"init_{case['name'].lower()}")
    x = jax.random.normal(jax.random.key(1), (2, 3, 4), jnp.float32)
    one, each = run(x, **init()), run(x, **init((3, 1)))
    if not np.allclose(one, each, equal_nan=True):
        proof.fail(case, "init gives other values by channel than for all")


def check_module(proof, case):
    module_type, run = getattr(proof.module(case), case["name"]), proof.function(case)
    names = names_of(case["references"][0])
    base = jax.random.normal(jax.random.key(1), (2, 3, 4), jnp.float32)
    for x, axis in [(base, 1), (jnp.moveaxis(base, 1, -1), -1)] if names else [(base, 1)]:
        module = module_type(num_parameters=3, channel_axis=axis) if names else module_type()
        state = nnx.state(module, nnx.Param)
        state = jax.tree.map(lambda value: value + jnp.array([0.0, 0.25, -0.125], value.dtype), state)
        nnx.update(module, state)
        shape = [1, 1, 1]
        shape[axis] = 3
        fields = [name if hasattr(module, name) else f"{name}_" for name in names]
        leaves = [getattr(module, name)[...].reshape(shape) for name in fields]
        if not np.allclose(module(x), run(x, *leaves), equal_nan=True):
            proof.fail(case, f"the module differs from the function, channels on {axis}")
        if names:
            loss = lambda one: jnp.sum(one(x))
            given = nnx.grad(loss)(module)
            exact = jax.grad(lambda values: jnp.sum(run(x, *values)))(leaves)
            for name, value in zip(fields, exact, strict=True):
                if not np.allclose(given[name][...], value.reshape(-1), rtol=1e-4, atol=1e-4, equal_nan=True):
                    proof.fail(case, f"the gradient by {name} is {given[name][...]}, not {value}")
        saved = pickle.dumps(jax.tree.map(np.asarray, nnx.to_pure_dict(nnx.state(module))))
        loaded = module_type(num_parameters=3, channel_axis=axis) if names else module_type()
        fresh = nnx.state(loaded)
        nnx.replace_by_pure_dict(fresh, pickle.loads(saved))
        nnx.update(loaded, fresh)
        if not np.array_equal(loaded(x), module(x), equal_nan=True):
            proof.fail(case, "it differs once saved and loaded")


target = sys.argv[2]
proof = Proof(sys.argv[1], target, [("XLA takes subnormal numbers for 0", is_subnormal)])
for precision in DTYPES if target == "jax" else ["float32"]:
    for case in proof.cases(precision):
        check_function(proof, case, precision, proof.function(case))
        if precision == "float32":
            (check_init if target == "jax" else check_module)(proof, case)
proof.finish()
