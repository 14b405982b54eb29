/** Keywords of Python, TypeScript, C and C++, and what their compilers define. */
const keywords = `
  alignas alignof and and_eq arguments as asm assert async auto await bitand bitor bool break case catch char class
  compl concept const consteval constexpr constinit continue debugger decltype def default del delete do double
  elif else enum
  eval except explicit export extends extern false final finally float for friend from function
  global goto if implements import in inline instanceof int interface is lambda let linux long match mutable
  namespace new noexcept nonlocal not not_eq null nullptr operator or or_eq package pass private protected public
  raise register requires restrict return short signed sizeof static static_assert struct super switch template
  this thread_local throw true try type typedef typeid typename typeof undefined union unix unsigned using var
  virtual void volatile while with xor xor_eq yield`;

/** Modules, and what generated code calls its own operands, values and attributes. */
const generated = `
  args channel_axis channels config ctx derivative device dtype dy grad gradient h init initial inputs jax jnp
  keras kwargs layer math nn nnx num_parameters ops output params primals rngs save saved self shared sp sympify
  sympy tangents tf torch trained upstream value y`;

/** Members of PyTorch's and Flax's Module and of the layers of Keras and tfjs. */
const members = `
  activity_regularizer add_loss add_metric add_module add_variable add_weight apply autocast bfloat16 buffers
  build build_from_config built call call_super_init calls children compile compute_dtype compute_mask
  compute_output_shape compute_output_spec count_params cpu cuda dispose dtype_policy dump_patches extra_repr
  forward from_config get_buffer get_build_config get_config get_extra_state get_parameter get_submodule
  get_weights half id input input_dtype input_spec ipu iter_children iter_modules load_own_variables
  load_state_dict losses metrics metrics_variables modules mtia name named_buffers named_children named_modules
  named_parameters non_trainable_variables non_trainable_weights parameters path perturb quantization_mode
  quantize quantized_build quantized_call register_backward_hook register_buffer register_forward_hook
  register_forward_pre_hook register_full_backward_hook register_full_backward_pre_hook
  register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module register_parameter
  register_state_dict_post_hook register_state_dict_pre_hook rematerialized_call requires_grad_
  save_own_variables set_attributes set_extra_state set_submodule set_weights share_memory sow state_dict
  stateful stateless_call supports_jit supports_masking symbolic_call to to_empty train trainable trainable_
  trainable_variables trainable_weights training updates variable_dtype variables weights xpu zero_grad`;

/** Functions of the modules and headers that a file includes or calls by their bare names. */
const functions = `
  acos acosh asin atan2 atanh cbrt ceil copysign drem exp10 exp2 fabs fdim finite floor fma fmax fmin fmod
  fpclassify frexp gamma hypot ilogb isfinite isgreater isgreaterequal isinf isless islessequal islessgreater
  isnan isnormal isunordered j0 j1 jn ldexp len lgamma llrint llround log10 log2 logb lrint lround modf nan
  nearbyint nextafter nexttoward pow10 range remainder remquo rint round scalb scalbln scalbn signbit significand
  sincos sum tan tgamma trunc x y0 y1 yn`;

const classes = 'Array F False None TRAINED True';

const words = (text: string) => text.trim().split(/\s+/);
const forAll = new Set(words(keywords + generated + members));
const forFunctions = new Set(words(functions));
const forClasses = new Set(words(classes));

/** Whether a language, a framework or generated code takes a name. C's float functions end in f. */
export function isTakenName(name: string): boolean {
  return forAll.has(name) || /^[a-z]+\d*f$/.test(name);
}

/** The same for the name of the function that a file defines. */
export function isTakenForFunction(name: string): boolean {
  return isTakenName(name) || forFunctions.has(name);
}

export function isTakenForClass(name: string): boolean {
  return forClasses.has(name);
}

/** The name, with an underscore, or with that and a number: the first that is free. */
export function freeName(name: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(name)) return name;
  let free = `${name}_`;
  for (let count = 2; isTaken(free); count++) free = `${name}_${count}`;
  return free;
}

/** Names for parameters: their own where these are free. */
export function freeParameterNames(names: readonly string[]): ReadonlyMap<string, string> {
  const used = new Set(names.filter((name) => !isTakenName(name)));
  return new Map(
    names.map((name) => {
      const free = isTakenName(name) ? freeName(name, (one) => isTakenName(one) || used.has(one)) : name;
      used.add(free);
      return [name, free];
    }),
  );
}
