import type { OperatorName } from './operators.ts';
import { dsinc, erf, erfc, sigmoid, sinc, softplus, step } from './special-functions.ts';

/**
 * Fills `out` with an operator's values; all arrays have one length, `b` counts for binary operators only.
 */
export type Loop = (out: Float64Array, a: Float64Array, b: Float64Array) => void;

/**
 * Each operator over whole arrays, bit for bit as its row's `evaluate`. A loop for each, because one loop
 * that calls `evaluate` costs a call that cannot be inlined for each element: 5 to 8 ns where an addition
 * takes 1.
 */
export const loops = {
  add: (out, a, b) => {
    for (let i = 0; i < out.length; i++) out[i] = (a[i] as number) + (b[i] as number);
  },
  sub: (out, a, b) => {
    for (let i = 0; i < out.length; i++) out[i] = (a[i] as number) - (b[i] as number);
  },
  mul: (out, a, b) => {
    for (let i = 0; i < out.length; i++) out[i] = (a[i] as number) * (b[i] as number);
  },
  div: (out, a, b) => {
    for (let i = 0; i < out.length; i++) out[i] = (a[i] as number) / (b[i] as number);
  },
  pow: (out, a, b) => {
    for (let i = 0; i < out.length; i++) out[i] = (a[i] as number) ** (b[i] as number);
  },
  neg: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = -(a[i] as number);
  },
  abs: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.abs(a[i] as number);
  },
  square: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = (a[i] as number) * (a[i] as number);
  },
  cube: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = (a[i] as number) * (a[i] as number) * (a[i] as number);
  },
  sqrt: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(a[i] as number);
  },
  exp: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.exp(a[i] as number);
  },
  expm1: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.expm1(a[i] as number);
  },
  log: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.log(a[i] as number);
  },
  log1p: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.log1p(a[i] as number);
  },
  sin: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.sin(a[i] as number);
  },
  cos: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.cos(a[i] as number);
  },
  sinh: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.sinh(a[i] as number);
  },
  cosh: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.cosh(a[i] as number);
  },
  tanh: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.tanh(a[i] as number);
  },
  asinh: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.asinh(a[i] as number);
  },
  atan: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.atan(a[i] as number);
  },
  sinc: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = sinc(a[i] as number);
  },
  dsinc: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = dsinc(a[i] as number);
  },
  erf: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = erf(a[i] as number);
  },
  erfc: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = erfc(a[i] as number);
  },
  sigmoid: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = sigmoid(a[i] as number);
  },
  softplus: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = softplus(a[i] as number);
  },
  max: (out, a, b) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.max(a[i] as number, b[i] as number);
  },
  min: (out, a, b) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.min(a[i] as number, b[i] as number);
  },
  sign: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.sign(a[i] as number);
  },
  step: (out, a) => {
    for (let i = 0; i < out.length; i++) out[i] = step(a[i] as number);
  },
  masked: (out, a, b) => {
    for (let i = 0; i < out.length; i++) out[i] = b[i] === 0 ? 0 : (a[i] as number) * (b[i] as number);
  },
} as const satisfies Record<OperatorName, Loop>;
