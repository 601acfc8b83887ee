"""What devices tell one another, read from the text of compiled programs."""

import jax
import jax.numpy as jnp

from research.selu_vs_batchnorm.scaling.communication import Collective, communication

PROGRAM = """\
HloModule jit_step, is_scheduled=true

%add (a: f32[], b: f32[]) -> f32[] {
  %a = f32[] parameter(0)
  %b = f32[] parameter(1)
  ROOT %sum = f32[] add(%a, %b)
}

%inner (x: f32[4]) -> f32[2] {
  %x = f32[4]{0} parameter(0)
  ROOT %rs = f32[2]{0} reduce-scatter(%x), dimensions={0}, to_apply=%add
}

ENTRY %main (p: f32[16,4], q: bf16[3], x: f32[4]) -> (f32[16,4], f32[]) {
  %p = f32[16,4]{1,0:T(8,128)} parameter(0)
  %q = bf16[3]{0} parameter(1)
  %x = f32[4]{0} parameter(2)
  %flags = pred[5]{0} custom-call(%x), custom_call_target="all-reduce(%p)"
  %first = (f32[16,4]{1,0}, /*index=1*/bf16[3]{0}) all-reduce-start(%p, /*index=1*/%q), to_apply=%add, \
metadata={op_name="jit(step)/jvp()/reduce_sum"}
  %done = (f32[16,4]{1,0}, /*index=1*/bf16[3]{0}) all-reduce-done(%first)
  %part = f32[16,4]{1,0} get-tuple-element(%done), index=0
  %gathered = f32[32,4]{1,0} all-gather(f32[16,4]{1,0:T(8,128)} %part), dimensions={0}, \
metadata={op_name="jit(step)/transpose(jvp())/dot_general"}
  %sent = pred[5]{0} collective-permute(%flags), source_target_pairs={{0,1}}
  %begun = ((f32[4]{0}), f32[2]{0}) async-start(%x), calls=%inner
  %ended = f32[2]{0} async-done(%begun), calls=%inner
  %nothing = f32[] constant(0)
  ROOT %out = (f32[32,4]{1,0}, f32[]) tuple(%gathered, %nothing)
}
"""


def test_a_program_is_read() -> None:
    told = communication(PROGRAM)
    assert told.collectives == (
        Collective("reduce-scatter", 1, 16, backward=False),
        Collective("all-reduce", 2, 256 + 6, backward=False),
        Collective("all-gather", 1, 256, backward=True),
        Collective("collective-permute", 1, 5, backward=False),
    )
    assert told.bytes == 16 + 262 + 256 + 5
    assert told.chain == 2
    assert list(told.by_kind()) == ["all-reduce", "all-gather", "reduce-scatter", "collective-permute"]
    assert told.of("all-reduce") == {"count": 1, "operands": 2, "bytes": 262}


def test_a_program_of_one_device_communicates_nothing() -> None:
    text = jax.jit(lambda x: x.sum()).lower(jnp.ones(3)).compile().as_text()
    assert text is not None
    assert communication(text) == communication("")
    assert communication(text).chain == communication(text).bytes == 0
